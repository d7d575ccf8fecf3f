// Program that carries objects between Cloud Storage and S3 with what stands beside their bytes, where rclone brings the bytes alone, and
// objects of names that rclone cannot carry. It runs on a transfer machine, on nothing but the standard library of Python 3.9 or newer:
//   python3 mover.py LIST RESULTS PROGRESS
//   python3 mover.py --writings NAMES WRITINGS
// NAMES has a name below the path a line, and WRITINGS gets a line of JSON for each that the target has: its ETag or its generation.
// LIST has a line of JSON an object: its `name` below the path, its `size` in bytes and, where the listing says it, its `md5` in hex.
// RESULTS gets a line of JSON an object, as `MoverResult` reads it (shared/transfers/mover.ts); PROGRESS is replaced each second, and says
// how many objects and bytes are copied, and of how many objects the copy failed, by cause. The environment says the two ends:
// SOURCE_ and TARGET_ with KIND (gcs or s3), ENDPOINT, BUCKET, PREFIX (the path), and of an S3 store REGION, KEY_ID and SECRET. It ends with 0
// where all is copied or was there, with 1 where an object failed, and with 2 where it could not begin. It overwrites nothing, and prints no
// name of an object. A dollar sign before a brace and a backtick belong to TypeScript here, so the program has none.
import { carrying } from "./carrying.ts";
import { gcs } from "./gcs.ts";
import { meaning } from "./meaning.ts";
import { s3 } from "./s3.ts";
import { wire } from "./wire.ts";

const head = `#!/usr/bin/env python3
from __future__ import annotations

import base64
import calendar
import concurrent.futures
import contextlib
import dataclasses
import decimal
import email.errors
import email.header
import email.utils
import hashlib
import hmac
import html
import http.client
import json
import os
import random
import re
import sys
import threading
import time
import urllib.parse
`;

/** The program's text. */
export const moverProgram = [head, wire, meaning, gcs, s3, carrying].join("\n");
