"""Drives a gateway over fakes with boto3 and prints what came of it as JSON. Run by boto3.test.ts."""
import io
import json
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def s3_client(**options):
    s3 = {"addressing_style": "path", **options.pop("s3", {})}
    return boto3.client("s3", config=Config(s3=s3, **options.pop("config", {})), **options)


def code_of(action, **arguments):
    try:
        action(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"


s3, iam, sts, firehose = s3_client(), boto3.client("iam"), boto3.client("sts"), boto3.client("firehose")
found = {"caller": sts.get_caller_identity()["Arn"]}

statement = {"Effect": "Allow", "Principal": {"Service": "firehose.amazonaws.com"}, "Action": "sts:AssumeRole"}
trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
role = iam.create_role(RoleName="fh", AssumeRolePolicyDocument=trust, Tags=[{"Key": "a", "Value": "b c+d é"}])["Role"]
found["role"] = role["Arn"]
found["trust"] = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
found["tags"] = iam.list_role_tags(RoleName="fh")["Tags"]
iam.attach_role_policy(RoleName="fh", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole")
attached = iam.list_attached_role_policies(RoleName="fh")["AttachedPolicies"]
found["attached"] = [policy["PolicyName"] for policy in attached]

iam.create_user(UserName="bob")
key = iam.create_access_key(UserName="bob")["AccessKey"]
bob = boto3.client(
    "sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
)
found["user"] = bob.get_caller_identity()["Arn"]
iam.update_access_key(UserName="bob", AccessKeyId=key["AccessKeyId"], Status="Inactive")
found["inactive"] = code_of(bob.get_caller_identity)

found["refusals"] = [
    code_of(iam.delete_role, RoleName="fh"),
    code_of(iam.get_role, RoleName="none"),
    code_of(iam.create_role, RoleName="FH", AssumeRolePolicyDocument=trust),
    code_of(iam.create_role, RoleName="x", AssumeRolePolicyDocument="{"),
    code_of(iam.get_role, RoleName="x y"),
    code_of(iam.create_group, GroupName="g"),
    code_of(sts.assume_role, RoleArn=role["Arn"], RoleSessionName="session"),
]

s3.create_bucket(Bucket="b")
s3.create_bucket(Bucket="b2", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
found["sizes"] = []
for body in (b"", b"x" * 10, b"y" * 3_000_000):
    s3.put_object(Bucket="b", Key="k/é +&", Body=body, Metadata={"a": "b"})
    got = s3.get_object(Bucket="b", Key="k/é +&")
    assert got["Body"].read() == body and got["Metadata"] == {"a": "b"}
    found["sizes"].append(got["ContentLength"])
found["digests"] = []
for algorithm in ("CRC32", "SHA1", "SHA256"):
    s3.put_object(Bucket="b", Key="c", Body=io.BytesIO(b"z" * 200_000), ChecksumAlgorithm=algorithm)
    found["digests"].append(s3.head_object(Bucket="b", Key="c")["ContentLength"])
s3_client(s3={"payload_signing_enabled": True}).put_object(Bucket="b", Key="signed", Body=b"q" * 100)
found["signedPayload"] = s3.head_object(Bucket="b", Key="signed")["ContentLength"]
found["keys"] = sorted(entry["Key"] for entry in s3.list_objects_v2(Bucket="b")["Contents"])
s3.delete_objects(Bucket="b", Delete={"Objects": [{"Key": "c"}]})
found["gone"] = code_of(s3.get_object, Bucket="b", Key="c")


def opened(client):
    link = client.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "signed"})
    return len(urllib.request.urlopen(link).read())


found["link"] = opened(s3)
found["linkV4"] = opened(s3_client(config={"signature_version": "s3v4"}))
found["otherRegion"] = s3_client(region_name="eu-central-1").get_object(Bucket="b", Key="signed")["ContentLength"]

records = [{"Data": b"a" * 1000}] * 500
found["failedPuts"] = firehose.put_record_batch(DeliveryStreamName="s", Records=records)["FailedPutCount"]
found["firehose"] = [
    code_of(firehose.put_record, DeliveryStreamName="s", Record={"Data": b"a" * 1_024_001}),
    code_of(firehose.describe_delivery_stream, DeliveryStreamName="none"),
    code_of(firehose.delete_delivery_stream, DeliveryStreamName="none"),
    code_of(boto3.client("sqs").list_queues),
    code_of(boto3.client("ec2").describe_instances),
]
print(json.dumps(found))
