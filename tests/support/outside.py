"""A local S3 and a local SMTP for the tests: outside.py FILE MAILBOX

Both listen on loopback on free ports. The addresses are written to FILE as shell variables once both answer; every
message received lies in the maildir MAILBOX. Ends when it is told to, or when the run that started it is gone.
"""

import asyncio
import logging
import os
import sys

import boto3
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP
from moto.server import ThreadedMotoServer

BUCKET = "nongcot-test"
KEY = "test"


class Letters(Mailbox):
    """Keeps every letter, but is busy for `busy@` and knows no `nobody@`."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        answers = {"busy": "451 4.3.2 busy, try again later", "nobody": "550 5.1.1 no such mailbox"}
        answer = answers.get(address.partition("@")[0], "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer


def start_s3():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name="us-east-1"
    )
    client.create_bucket(Bucket=BUCKET)
    return url


async def main(address_file, mailbox):
    s3 = start_s3()
    handler = Letters(mailbox)
    smtp = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, data_size_limit=30_000_000), "127.0.0.1", 0
    )
    port = smtp.sockets[0].getsockname()[1]
    lines = {
        "TEST_S3_URL": s3,
        "TEST_S3_BUCKET": BUCKET,
        "TEST_S3_KEY": KEY,
        "TEST_S3_SECRET": KEY,
        "TEST_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "TEST_SMTP_MAILBOX": mailbox,
    }
    with open(address_file + ".new", "w") as out:
        out.writelines(f"{name}='{value}'\n" for name, value in lines.items())
    os.replace(address_file + ".new", address_file)
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(1)


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    asyncio.run(main(sys.argv[1], sys.argv[2]))
