"""Objects under keys of KMS and under keys of the customer, by boto3 and `aws s3 cp`. Prints what held."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import time

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from claims import fails, holds, tell

BUCKET = "keys.session"
folder = sys.argv[1]
s3, kms, iam, athena = (boto3.client(name) for name in ("s3", "kms", "iam", "athena"))


def code(name, expected, call):
    error = fails(name, ClientError, call).response
    status, given = error["ResponseMetadata"]["HTTPStatusCode"], error["Error"]["Code"]
    holds(f"{name}: {status} {given}", f"{status} {given}" == expected)


def put(key, body=b"secret", **arguments):
    return s3.put_object(Bucket=BUCKET, Key=key, Body=body, **arguments)


def get(key, **arguments):
    return s3.get_object(Bucket=BUCKET, Key=key, **arguments)


def read(key, **arguments):
    return get(key, **arguments)["Body"].read()


def aws(*arguments):
    return subprocess.run(["aws", "s3", *arguments], capture_output=True, text=True)


def local(name):
    return os.path.join(folder, name)


s3.create_bucket(Bucket=BUCKET)
key = kms.create_key(Description="of the session")["KeyMetadata"]
kms.create_alias(AliasName="alias/session", TargetKeyId=key["KeyId"])
KMS = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/session"}

# A key of KMS: named, answered, needed.
made = put("a", **KMS)
holds("the reply names the key", made["SSEKMSKeyId"] == key["Arn"] and made["ServerSideEncryption"] == "aws:kms")
holds("the ETag is no MD5", made["ETag"].strip('"') != hashlib.md5(b"secret").hexdigest())
holds("it is read", read("a") == b"secret")
holds("HEAD names the key", s3.head_object(Bucket=BUCKET, Key="a")["SSEKMSKeyId"] == key["Arn"])
own = put("own", ServerSideEncryption="aws:kms")["SSEKMSKeyId"]
holds("without a name it is S3's own", own == kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"])
code("a key that is not there", "400 KMS.NotFoundException", lambda: put("b", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/none"))
code("two layers", "501 NotImplemented", lambda: put("b", ServerSideEncryption="aws:kms:dsse"))
parts = TransferConfig(multipart_threshold=5 * 2**20, multipart_chunksize=5 * 2**20)
with open(local("large"), "wb") as file:
    file.write(os.urandom(12 * 2**20))
s3.upload_file(local("large"), BUCKET, "large", ExtraArgs=KMS, Config=parts)
s3.download_file(BUCKET, "large", local("large.back"), Config=parts)
holds("in parts, whole again", open(local("large"), "rb").read() == open(local("large.back"), "rb").read())
holds("the whole names the key", s3.head_object(Bucket=BUCKET, Key="large")["SSEKMSKeyId"] == key["Arn"])
s3.copy_object(Bucket=BUCKET, Key="open", CopySource=f"{BUCKET}/a", ServerSideEncryption="AES256")

# Out of use, and back.
kms.disable_key(KeyId=key["KeyId"])
code("disabled, nothing is read", "400 KMS.DisabledException", lambda: get("a"))
code("nor written", "400 KMS.DisabledException", lambda: put("b", **KMS))
code("nor copied", "400 KMS.DisabledException", lambda: s3.copy_object(Bucket=BUCKET, Key="c", CopySource=f"{BUCKET}/a"))
holds("the open copy is", read("open") == b"secret")
kms.enable_key(KeyId=key["KeyId"])
holds("enabled, it is read again", read("a") == b"secret")
doomed = kms.create_key()["KeyMetadata"]["KeyId"]
put("doomed", ServerSideEncryption="aws:kms", SSEKMSKeyId=doomed)
kms.schedule_key_deletion(KeyId=doomed, PendingWindowInDays=7)
code("about to be deleted", "400 KMS.KMSInvalidStateException", lambda: get("doomed"))

# The bucket's default.
rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key["Arn"]}, "BucketKeyEnabled": True}
s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
said = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
holds("the default is read back", said == [rule])
holds("and holds", put("default").get("SSEKMSKeyId") == key["Arn"] and put("default").get("BucketKeyEnabled") is True)
s3.delete_bucket_encryption(Bucket=BUCKET)
holds("until it is removed", put("default")["ServerSideEncryption"] == "AES256")

# Who may use the bucket may not use the key for that.
iam.create_user(UserName="reader")
allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
iam.put_user_policy(UserName="reader", PolicyName="s3", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}))
pair = iam.create_access_key(UserName="reader")["AccessKey"]
reader = boto3.client("s3", aws_access_key_id=pair["AccessKeyId"], aws_secret_access_key=pair["SecretAccessKey"])
code("without kms:Decrypt", "403 AccessDenied", lambda: reader.get_object(Bucket=BUCKET, Key="a"))
code("without kms:GenerateDataKey", "403 AccessDenied", lambda: reader.put_object(Bucket=BUCKET, Key="b", Body=b"x", **KMS))
holds("S3's own key is for all of S3", reader.get_object(Bucket=BUCKET, Key="own")["Body"].read() == b"secret")
allowed = [allowed, {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key["Arn"]}]
iam.put_user_policy(UserName="reader", PolicyName="s3", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": allowed}))
holds("with it", reader.get_object(Bucket=BUCKET, Key="a")["Body"].read() == b"secret")

# A key that the customer sends.
MINE, OTHER = ({"SSECustomerAlgorithm": "AES256", "SSECustomerKey": bytes([one]) * 32} for one in (1, 2))
SOURCE = {f"CopySource{name}": value for name, value in MINE.items()}
made = put("mine", **MINE)
md5 = made["SSECustomerKeyMD5"]
holds("the reply shows its MD5", made["SSECustomerAlgorithm"] == "AES256" and "ServerSideEncryption" not in made)
holds("it opens", read("mine", **MINE) == b"secret" and get("mine", **MINE)["SSECustomerKeyMD5"] == md5)
code("without it", "400 InvalidRequest", lambda: get("mine"))
code("HEAD without it", "400 400", lambda: s3.head_object(Bucket=BUCKET, Key="mine"))
code("with another", "403 AccessDenied", lambda: get("mine", **OTHER))
code("for what has none", "400 InvalidRequest", lambda: get("open", **MINE))
# For this operation boto3 does not encode the key itself.
encoded = {**MINE, "SSECustomerKey": base64.b64encode(MINE["SSECustomerKey"]).decode(), "SSECustomerKeyMD5": md5}
size = s3.get_object_attributes(Bucket=BUCKET, Key="mine", ObjectAttributes=["ObjectSize"], **encoded)["ObjectSize"]
holds("its attributes are told", size == 6)
s3.copy_object(Bucket=BUCKET, Key="other", CopySource=f"{BUCKET}/mine", **SOURCE, **OTHER)
holds("copied under another", read("other", **OTHER) == b"secret")
s3.copy_object(Bucket=BUCKET, Key="kms", CopySource=f"{BUCKET}/mine", **SOURCE, **KMS)
holds("copied under a key of KMS", read("kms") == b"secret")
s3.upload_file(local("large"), BUCKET, "large.mine", ExtraArgs=MINE, Config=parts)
s3.download_file(BUCKET, "large.mine", local("mine.back"), ExtraArgs=MINE, Config=parts)
holds("in parts, whole again with the key", open(local("large"), "rb").read() == open(local("mine.back"), "rb").read())

# Queries act for the lake: they open what KMS opens, and name what only the customer does.
athena_output = {"OutputLocation": f"s3://{BUCKET}/results/"}


def query(sql):
    started = athena.start_query_execution(QueryString=sql, ResultConfiguration=athena_output)["QueryExecutionId"]
    while True:
        status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
        if status["State"] in ("SUCCEEDED", "FAILED"):
            break
        time.sleep(0.05)
    if status["State"] == "FAILED":
        return status["StateChangeReason"]
    rows = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
    return [value["VarCharValue"] for row in rows[1:] for value in row["Data"]]


table = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION"
query("CREATE DATABASE locked")
query(f"CREATE EXTERNAL TABLE locked.a (n int) {table} 's3://{BUCKET}/rows/'")
put("rows/a.json", b'{"n": 42}\n', **KMS)
holds("a query reads under a key of KMS", query("SELECT n FROM locked.a") == ["42"])
kms.disable_key(KeyId=key["KeyId"])
holds("not while it is disabled", "is disabled" in query("SELECT n FROM locked.a"))
kms.enable_key(KeyId=key["KeyId"])
put("rows/b.json", b'{"n": 43}\n', **MINE)
holds("it names what only the customer opens", f"s3://{BUCKET}/rows/b.json" in query("SELECT n FROM locked.a"))

# The command line.
with open(local("secret"), "wb") as file:
    file.write(b"said aloud")
with open(local("key"), "wb") as file:
    file.write(bytes([3]) * 32)
sse_c = ("--sse-c", "AES256", "--sse-c-key", f"fileb://{local('key')}")
holds("aws s3 cp --sse-c", aws("cp", local("secret"), f"s3://{BUCKET}/cli", *sse_c).returncode == 0)
holds("and back", aws("cp", f"s3://{BUCKET}/cli", local("back"), *sse_c).returncode == 0 and open(local("back"), "rb").read() == b"said aloud")
holds("not without the key", "400" in aws("cp", f"s3://{BUCKET}/cli", local("none")).stderr)
copied = ("--sse-c-copy-source", "AES256", "--sse-c-copy-source-key", f"fileb://{local('key')}")
holds("copied open", aws("cp", f"s3://{BUCKET}/cli", f"s3://{BUCKET}/cli.open", *copied).returncode == 0 and read("cli.open") == b"said aloud")
by_kms = ("--sse", "aws:kms", "--sse-kms-key-id", key["KeyId"])
holds("aws s3 cp --sse aws:kms", aws("cp", local("large"), f"s3://{BUCKET}/cli.kms", *by_kms).returncode == 0)
holds("its key", s3.head_object(Bucket=BUCKET, Key="cli.kms")["SSEKMSKeyId"] == key["Arn"])

tell()
