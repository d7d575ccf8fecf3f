"""Asks our Pub/Sub as Google's own Python client does. What it does not serve it calls UNIMPLEMENTED, which is gRPC's 501."""

import os
import threading
import time

import cases
import grpc
from cases import case, same
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import pubsub_v1
from google.cloud.pubsub_v1.types import BatchSettings, FlowControl, PublisherOptions
from google.protobuf import field_mask_pb2, timestamp_pb2
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.schema_service import SchemaServiceClient
from google.pubsub_v1.services.schema_service.transports import SchemaServiceGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport
from google.pubsub_v1.types import PubsubMessage

project = os.environ["PROJECT"]


class Signed(grpc.UnaryUnaryClientInterceptor, grpc.StreamStreamClientInterceptor):
    """Gives every call the token: a channel without TLS carries none by itself."""

    def __init__(self, token):
        self.metadata = [("authorization", f"Bearer {token}")]

    def _signed(self, go_on, details, request):
        return go_on(details._replace(metadata=[*(details.metadata or []), *self.metadata]), request)

    intercept_unary_unary = intercept_stream_stream = _signed


def channel(token=os.environ["TOKEN"]):
    return grpc.intercept_channel(grpc.insecure_channel(os.environ["ENDPOINT"]), Signed(token))


def publisher_of(**more):
    return pubsub_v1.PublisherClient(transport=PublisherGrpcTransport(channel=channel()), **more)


publisher = publisher_of()
ordered = publisher_of(publisher_options=PublisherOptions(enable_message_ordering=True))
subscriber = pubsub_v1.SubscriberClient(transport=SubscriberGrpcTransport(channel=channel()))
schemas = SchemaServiceClient(transport=SchemaServiceGrpcTransport(channel=channel()))
once = {"retry": None, "timeout": 20}
_serial = iter(range(10_000))


def fresh(word):
    return f"{word}-{next(_serial)}"


def topic_of(**more):
    name = f"projects/{project}/topics/{fresh('topic')}"
    publisher.create_topic(request={"name": name} | more, **once)
    return name


def subscription_of(topic, **more):
    name = f"projects/{project}/subscriptions/{fresh('sub')}"
    return subscriber.create_subscription(request={"name": name, "topic": topic} | more, **once).name


def pair(**more):
    topic = topic_of()
    return topic, subscription_of(topic, **more)


def send(topic, *datas, **attributes):
    return [publisher.publish(topic, data, **attributes).result(20) for data in datas]


def pulled(subscription, most=10):
    return list(subscriber.pull(subscription=subscription, max_messages=most, return_immediately=True, **once).received_messages)


def datas(subscription):
    return [one.message.data for one in pulled(subscription)]


def until(subscription, count):
    """What comes in the end, one pull after the other, each message acknowledged."""
    got = []
    for _ in range(100):
        for one in pulled(subscription):
            got.append(one.message.data)
            subscriber.acknowledge(subscription=subscription, ack_ids=[one.ack_id], **once)
        if len(got) >= count:
            return got
        time.sleep(0.1)
    return got


def code_of(raised):
    if not isinstance(raised, GoogleAPICallError) or raised.grpc_status_code is None:
        return type(raised).__name__
    name = raised.grpc_status_code.name
    return "501" if name == "UNIMPLEMENTED" else name


@case("a publish", "an id, and the message at the subscription")
def publish():
    topic, sub = pair()
    (sent,) = send(topic, b"data", a="b")
    (got,) = pulled(sub)
    told = (got.message.data, dict(got.message.attributes), got.message.message_id, got.delivery_attempt)
    same(told, (b"data", {"a": "b"}, sent, 0))


@case("a publish of a batch", "all, ids in order")
def publish_batch():
    topic, sub = pair()
    batch = publisher_of(batch_settings=BatchSettings(max_messages=100, max_latency=0.2))
    ids = [one.result(20) for one in [batch.publish(topic, str(n).encode()) for n in range(50)]]
    got = {one.message.message_id: one.message.data for one in pulled(sub, 100)}
    same([got[one] for one in ids], [str(n).encode() for n in range(50)])


@case("an ordered publish, which gives itself 2^32 seconds", "once, in order")
def publish_ordered():
    topic, sub = pair(enable_message_ordering=True)
    for n in range(3):
        ordered.publish(topic, str(n).encode(), ordering_key="k").result(20)
    same(until(sub, 3), [b"0", b"1", b"2"])


@case("a publish of attributes alone", "taken")
def publish_attributes():
    topic, sub = pair()
    send(topic, b"", a="b")
    same([dict(one.message.attributes) for one in pulled(sub)], [{"a": "b"}])


def raw(topic, *messages):
    """Sends just this: the client's own way puts messages together."""
    return PublisherClient.publish(publisher, topic=topic, messages=list(messages), **once)


refused_messages = {
    "nothing at all": [PubsubMessage()],
    "no message": [],
    "1,001 messages": [PubsubMessage(data=b"x")] * 1001,
    "an attribute's name of 257 bytes": [PubsubMessage(data=b"x", attributes={"n" * 257: "v"})],
    "an attribute's value of 1,025 bytes": [PubsubMessage(data=b"x", attributes={"n": "v" * 1025})],
    "an attribute without a name": [PubsubMessage(data=b"x", attributes={"": "v"})],
    "101 attributes": [PubsubMessage(data=b"x", attributes={f"n{n}": "v" for n in range(101)})],
    "an attribute that begins with goog": [PubsubMessage(data=b"x", attributes={"googclient": "v"})],
    "a key of 1,025 bytes": [PubsubMessage(data=b"x", ordering_key="k" * 1025)],
    "10 MB and more": [PubsubMessage(data=b"x" * 10_000_001)],
}
for words, messages in refused_messages.items():

    def ask(messages=messages):
        raw(topic_of(), *messages)

    ask.__name__ = f"publish {words}"
    case(f"a publish of {words}", "INVALID_ARGUMENT", expect="INVALID_ARGUMENT")(ask)


@case("a publish to what is not there", "NOT_FOUND", expect="NOT_FOUND")
def publish_nowhere():
    raw(f"projects/{project}/topics/nowhere", PubsubMessage(data=b"x"))


@case("an acknowledgement", "the message is done")
def acknowledge():
    topic, sub = pair()
    send(topic, b"data")
    subscriber.acknowledge(subscription=sub, ack_ids=[pulled(sub)[0].ack_id], **once)
    same(datas(sub), [])


@case("a nack", "the message again")
def nack():
    topic, sub = pair()
    send(topic, b"data")
    subscriber.modify_ack_deadline(subscription=sub, ack_ids=[pulled(sub)[0].ack_id], ack_deadline_seconds=0, **once)
    same(until(sub, 1), [b"data"])


@case("a pull of a message that is out", "nothing")
def pull_leased():
    topic, sub = pair()
    send(topic, b"data")
    same((datas(sub), datas(sub)), ([b"data"], []))


@case("a pull of at most one", "one")
def pull_one():
    topic, sub = pair()
    send(topic, b"a", b"b")
    same(len(pulled(sub, 1)), 1)


@case("a pull of none", "INVALID_ARGUMENT", expect="INVALID_ARGUMENT")
def pull_none():
    pulled(pair()[1], 0)


@case("a deadline of 601 s", "INVALID_ARGUMENT", expect="INVALID_ARGUMENT")
def deadline_long():
    subscriber.modify_ack_deadline(subscription=pair()[1], ack_ids=["x"], ack_deadline_seconds=601, **once)


def streamed(subscription, count, answer, **flow):
    got, done = [], threading.Event()

    def heard(message):
        got.append(message.data)
        answer(message)
        if len(got) >= count:
            done.set()

    future = subscriber.subscribe(subscription, heard, flow_control=FlowControl(**flow))
    done.wait(20)
    future.cancel()
    future.result(20)
    return got


@case("a stream of messages, acknowledged", "all of them, once")
def stream():
    topic, sub = pair()
    send(topic, b"a", b"b", b"c")
    same(sorted(streamed(sub, 3, lambda message: message.ack())), [b"a", b"b", b"c"])
    same(datas(sub), [])


@case("a stream that holds one message at a time", "all of them")
def stream_flow():
    topic, sub = pair()
    send(topic, b"a", b"b", b"c")
    same(sorted(streamed(sub, 3, lambda message: message.ack(), max_messages=1)), [b"a", b"b", b"c"])


@case("a stream in order", "in order")
def stream_ordered():
    topic, sub = pair(enable_message_ordering=True)
    for n in range(5):
        ordered.publish(topic, str(n).encode(), ordering_key="k").result(20)
    same(streamed(sub, 5, lambda message: message.ack()), [b"0", b"1", b"2", b"3", b"4"])


@case("a stream that acknowledges with an answer", "done")
def stream_ack_response():
    topic, sub = pair()
    send(topic, b"a")
    futures = []
    streamed(sub, 1, lambda message: futures.append(message.ack_with_response()))
    same(futures[0].result(20).name, "SUCCESS")


@case("a subscription that delivers exactly once", "exactly once", expect="501")
def exactly_once():
    pair(enable_exactly_once_delivery=True)


@case("a subscription with all that is usual", "as it was asked for")
def subscription_full():
    topic, dead = topic_of(), topic_of()
    name = subscription_of(
        topic,
        ack_deadline_seconds=42,
        labels={"a": "b"},
        filter='attributes.a = "b"',
        retry_policy={"minimum_backoff": {"seconds": 10}, "maximum_backoff": {"seconds": 600}},
        dead_letter_policy={"dead_letter_topic": dead, "max_delivery_attempts": 7},
        expiration_policy={},
        message_retention_duration={"seconds": 86_400},
    )
    got = subscriber.get_subscription(subscription=name, **once)
    told = (got.ack_deadline_seconds, dict(got.labels), got.filter, got.dead_letter_policy.max_delivery_attempts, got.topic)
    same(told, (42, {"a": "b"}, 'attributes.a = "b"', 7, topic))
    same((got.retry_policy.maximum_backoff.seconds, got.message_retention_duration.days, got.state.name), (600, 1, "ACTIVE"))


@case("a subscription with nothing said", "10 s, seven days, 31 days")
def subscription_usual():
    got = subscriber.get_subscription(subscription=pair()[1], **once)
    same((got.ack_deadline_seconds, got.message_retention_duration.days, got.expiration_policy.ttl.days), (10, 7, 31))


refused_subscriptions = {
    "a deadline of 9 s": {"ack_deadline_seconds": 9},
    "a deadline of 601 s": {"ack_deadline_seconds": 601},
    "4 attempts": {"dead_letter_policy": {"dead_letter_topic": f"projects/{project}/topics/x", "max_delivery_attempts": 4}},
    "101 attempts": {"dead_letter_policy": {"dead_letter_topic": f"projects/{project}/topics/x", "max_delivery_attempts": 101}},
    "a filter that is none": {"filter": "nosuch = 1"},
    "a filter of 257 bytes": {"filter": f'attributes.a = "{"x" * 257}"'},
    "a back-off of 601 s": {"retry_policy": {"maximum_backoff": {"seconds": 601}}},
    "a retention of 9 minutes": {"message_retention_duration": {"seconds": 540}},
    "a retention of 32 days": {"message_retention_duration": {"seconds": 2_764_800}},
    "an expiry of an hour": {"expiration_policy": {"ttl": {"seconds": 3600}}},
    "an address to push to that is none": {"push_config": {"push_endpoint": "nowhere"}},
}
for words, more in refused_subscriptions.items():

    def ask(more=more):
        pair(**more)

    ask.__name__ = f"subscription {words}"
    code = "OUT_OF_RANGE" if "attempts" in words else "INVALID_ARGUMENT"
    case(f"a subscription with {words}", code, expect=code)(ask)

unserved_subscriptions = {
    "BigQuery": {"bigquery_config": {"table": "p.d.t"}},
    "Cloud Storage": {"cloud_storage_config": {"bucket": "b"}},
    "a transformation": {"message_transforms": [{"javascript_udf": {"function_name": "f", "code": "x"}}]},
    "pushes without a wrapper": {"push_config": {"push_endpoint": "https://a.example.org", "no_wrapper": {"write_metadata": True}}},
    "pushes of an older form": {"push_config": {"push_endpoint": "https://a.example.org", "attributes": {"x-goog-version": "v1beta1"}}},
    "tags": {"tags": {"a/b": "c"}},
}
for words, more in unserved_subscriptions.items():

    def ask(more=more):
        pair(**more)

    ask.__name__ = f"subscription {words}"
    case(f"a subscription with {words}", "as asked", expect="501")(ask)

unserved_topics = {
    "a schema": {"schema_settings": {"schema": f"projects/{project}/schemas/s"}},
    "a key of KMS": {"kms_key_name": "k"},
    "places to store": {"message_storage_policy": {"allowed_persistence_regions": ["us-central1"]}},
    "a source": {"ingestion_data_source_settings": {"aws_kinesis": {"stream_arn": "x"}}},
}
for words, more in unserved_topics.items():

    def ask(more=more):
        topic_of(**more)

    ask.__name__ = f"topic {words}"
    case(f"a topic with {words}", "as asked", expect="501")(ask)


@case("a filter", "what fits it, and the rest is done")
def filtered():
    topic, sub = pair(filter='attributes.kind = "yes" AND NOT hasPrefix(attributes.a, "x")')
    send(topic, b"in", kind="yes", a="a")
    send(topic, b"out", kind="yes", a="xa")
    send(topic, b"none")
    same(datas(sub), [b"in"])


@case("a topic that is there", "ALREADY_EXISTS", expect="ALREADY_EXISTS")
def topic_twice():
    publisher.create_topic(name=topic_of(), **once)


@case("a subscription that is there", "ALREADY_EXISTS", expect="ALREADY_EXISTS")
def subscription_twice():
    topic, sub = pair()
    subscriber.create_subscription(name=sub, topic=topic, **once)


for name in ("ab", "goog-x", "1abc", "a b", "x" * 256):

    def ask(name=name):
        publisher.create_topic(name=f"projects/{project}/topics/{name}", **once)

    ask.__name__ = f"topic {name[:10]}"
    case(f"a topic of the name {name[:10]}", "INVALID_ARGUMENT", expect="INVALID_ARGUMENT")(ask)


@case("a subscription to what is not there", "NOT_FOUND", expect="NOT_FOUND")
def subscription_nowhere():
    subscription_of(f"projects/{project}/topics/nowhere")


@case("topics and subscriptions, listed in pages", "all, once")
def listed():
    topic = topic_of()
    subs = {subscription_of(topic) for _ in range(3)}
    of_topic = set(publisher.list_topic_subscriptions(request={"topic": topic, "page_size": 1}, **once))
    all_of_them = {one.name for one in subscriber.list_subscriptions(request={"project": f"projects/{project}", "page_size": 2}, **once)}
    topics = {one.name for one in publisher.list_topics(request={"project": f"projects/{project}", "page_size": 2}, **once)}
    same((of_topic, subs <= all_of_them, topic in topics), (subs, True, True))


@case("the deletion of a topic", "its subscription stays, of no topic")
def topic_deleted():
    topic, sub = pair()
    publisher.delete_topic(topic=topic, **once)
    same(subscriber.get_subscription(subscription=sub, **once).topic, "_deleted-topic_")


@case("the deletion of a subscription", "gone", expect="NOT_FOUND")
def subscription_deleted():
    sub = pair()[1]
    subscriber.delete_subscription(subscription=sub, **once)
    subscriber.get_subscription(subscription=sub, **once)


def update(fields, **more):
    sub = pair()[1]
    mask = field_mask_pb2.FieldMask(paths=fields)
    subscriber.update_subscription(subscription={"name": sub} | more, update_mask=mask, **once)
    return subscriber.get_subscription(subscription=sub, **once)


@case("a new deadline", "changed")
def update_deadline():
    same(update(["ack_deadline_seconds"], ack_deadline_seconds=60).ack_deadline_seconds, 60)


@case("an update of no field", "INVALID_ARGUMENT", expect="INVALID_ARGUMENT")
def update_none():
    update([])


@case("an update of a field that there is not", "INVALID_ARGUMENT", expect="INVALID_ARGUMENT")
def update_nosuch():
    update(["nosuch"])


@case("an update of the filter", "INVALID_ARGUMENT: it stays as it was made", expect="INVALID_ARGUMENT")
def update_filter():
    update(["filter"], filter='attributes.a = "b"')


@case("an update of a topic's labels", "changed", expect="501")
def update_topic():
    publisher.update_topic(topic={"name": topic_of(), "labels": {"a": "b"}}, update_mask={"paths": ["labels"]}, **once)


@case("a seek to before, where acknowledged messages are kept", "the message again")
def seek_kept():
    topic, sub = pair(retain_acked_messages=True)
    sought(topic, sub, [b"data", b"data"])


@case("a seek to before, where they are not", "nothing more")
def seek_past():
    topic, sub = pair()
    sought(topic, sub, [b"data"])


def sought(topic, sub, wanted):
    send(topic, b"data")
    first = until(sub, 1)
    subscriber.seek(request={"subscription": sub, "time": timestamp_pb2.Timestamp(seconds=1)}, **once)
    same(first + [one.message.data for one in pulled(sub)], wanted)


@case("a topic that keeps what is published", "an hour, and it says so")
def topic_retention():
    got = publisher.get_topic(topic=topic_of(message_retention_duration={"seconds": 3600}), **once)
    same(got.message_retention_duration.seconds, 3600)


@case("a seek to after", "all is done")
def seek_future():
    topic, sub = pair()
    send(topic, b"data")
    subscriber.seek(request={"subscription": sub, "time": timestamp_pb2.Timestamp(seconds=int(time.time()) + 10**9)}, **once)
    same(datas(sub), [])


unserved_calls = {
    "create_snapshot": lambda: subscriber.create_snapshot(name=f"projects/{project}/snapshots/s-1", subscription=pair()[1], **once),
    "list_snapshots": lambda: list(subscriber.list_snapshots(project=f"projects/{project}", **once)),
    "seek to a snapshot": lambda: subscriber.seek(
        request={"subscription": pair()[1], "snapshot": f"projects/{project}/snapshots/s-1"}, **once
    ),
    "detach_subscription": lambda: publisher.detach_subscription(request={"subscription": pair()[1]}, **once),
    "list_topic_snapshots": lambda: list(publisher.list_topic_snapshots(topic=topic_of(), **once)),
    "get_iam_policy": lambda: publisher.get_iam_policy(request={"resource": topic_of()}, **once),
    "set_iam_policy": lambda: publisher.set_iam_policy(request={"resource": topic_of(), "policy": {}}, **once),
    "test_iam_permissions": lambda: publisher.test_iam_permissions(
        request={"resource": topic_of(), "permissions": ["pubsub.topics.get"]}, **once
    ),
    "list_schemas": lambda: list(schemas.list_schemas(parent=f"projects/{project}", **once)),
    "create_schema": lambda: schemas.create_schema(parent=f"projects/{project}", schema={"type_": 1, "definition": "x"}, **once),
}
for words, call in unserved_calls.items():

    def ask(call=call):
        call()

    ask.__name__ = words
    case(f"{words}, which is not served", "done", expect="501")(ask)


@case("a stranger's token", "UNAUTHENTICATED", expect="UNAUTHENTICATED")
def stranger():
    transport = PublisherGrpcTransport(channel=channel("ya29.a-strangers"))
    pubsub_v1.PublisherClient(transport=transport).create_topic(name=f"projects/{project}/topics/strangers", **once)


@case("another project", "PERMISSION_DENIED or NOT_FOUND", expect="NOT_FOUND")
def other_project():
    publisher.create_topic(name="projects/others/topics/topic", **once)


cases.run(code_of)
