"""Google's own Python client at our Cloud Storage: one bucket, `remote`, over a folder of which the tests know where it is."""

import os

from google.api_core.exceptions import GoogleAPICallError
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.oauth2.credentials import Credentials

endpoint = os.environ["ENDPOINT"]
token = os.environ["TOKEN"]


def client(credentials=Credentials(token)):
    return storage.Client("sample-hub-1", credentials=credentials, client_options={"api_endpoint": endpoint})


google = client()
anonymous = client(AnonymousCredentials())
stranger = client(Credentials("ya29.a-strangers"))
remote = google.bucket("remote")


def code_of(raised):
    if isinstance(raised, GoogleAPICallError):
        return str(int(raised.code))
    status = getattr(getattr(raised, "response", None), "status_code", None)
    return str(status) if status else type(raised).__name__
