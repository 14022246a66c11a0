"""A Python program that shares its buckets: users, policies, ownership, ACLs, strangers. Prints what held."""

import json

import boto3
import botocore
from botocore.client import Config
from botocore.exceptions import ClientError

from claims import fails, holds, tell

BUCKET = "boto.access"
ARN = f"arn:aws:s3:::{BUCKET}"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
root = boto3.client("s3")
iam = boto3.client("iam")
nobody = boto3.client("s3", config=Config(signature_version=botocore.UNSIGNED))


def code(name, expected, call):
    error = fails(name, ClientError, call).response["Error"]
    holds(f"{name}: {error['Code']}", error["Code"] == expected)
    return error


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(action, effect="Allow", resource=f"{ARN}/*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


root.create_bucket(Bucket=BUCKET)
root.put_object(Bucket=BUCKET, Key="a", Body=b"hello", Tagging="team=blue")
root.put_object(Bucket=BUCKET, Key="b", Body=b"hello")

# A user has what the policies say.
iam.create_user(UserName="bob")
key = iam.create_access_key(UserName="bob")["AccessKey"]
bob = boto3.client("s3", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
code("a new user has no right", "AccessDenied", lambda: bob.get_object(Bucket=BUCKET, Key="a"))
code("nor to write", "AccessDenied", lambda: bob.put_object(Bucket=BUCKET, Key="c", Body=b"x"))
blue = statement("s3:GetObject", Condition={"StringEquals": {"s3:ExistingObjectTag/team": "blue"}})
iam.put_user_policy(UserName="bob", PolicyName="blue", PolicyDocument=policy(blue))
holds("an object's tag opens it", bob.get_object(Bucket=BUCKET, Key="a")["Body"].read() == b"hello")
code("and only it", "AccessDenied", lambda: bob.get_object(Bucket=BUCKET, Key="b"))

# The bucket's policy opens it to the user alone.
mine = policy(statement("s3:*", resource=[ARN, f"{ARN}/*"], Principal={"AWS": "arn:aws:iam::000000000000:user/bob"}))
root.put_bucket_policy(Bucket=BUCKET, Policy=mine)
holds("the policy comes back as it was put", root.get_bucket_policy(Bucket=BUCKET)["Policy"] == mine)
holds("it is not public", root.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"]["IsPublic"] is False)
holds("the user reads all", bob.get_object(Bucket=BUCKET, Key="b")["Body"].read() == b"hello")
holds("and lists all", [one["Key"] for one in bob.list_objects_v2(Bucket=BUCKET)["Contents"]] == ["a", "b"])
code("strangers read nothing", "AccessDenied", lambda: nobody.get_object(Bucket=BUCKET, Key="b"))

# Bad policies are refused in S3's words.
error = code("nonsense", "MalformedPolicy", lambda: root.put_bucket_policy(Bucket=BUCKET, Policy="nonsense"))
holds("in its words", error["Message"] == "Policies must be valid JSON and the first byte must be '{'")
stranger = policy(statement("s3:GetObject", Principal={"AWS": "arn:aws:iam::000000000000:user/none"}))
error = code("an unknown user", "MalformedPolicy", lambda: root.put_bucket_policy(Bucket=BUCKET, Policy=stranger))
holds("in its words, too", error["Message"] == "Invalid principal in policy")

# ACLs, once ownership lets them count.
code("no ACLs at first", "AccessControlListNotSupported", lambda: root.put_object_acl(Bucket=BUCKET, Key="a", ACL="public-read"))
root.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]})
code("no public ones", "AccessDenied", lambda: root.put_object_acl(Bucket=BUCKET, Key="a", ACL="public-read"))
root.delete_public_access_block(Bucket=BUCKET)
root.put_object_acl(Bucket=BUCKET, Key="a", ACL="public-read")
holds("a public object is everybody's", nobody.get_object(Bucket=BUCKET, Key="a")["Body"].read() == b"hello")
owner = root.get_bucket_acl(Bucket=BUCKET)["Owner"]
grants = [
    {"Grantee": {"Type": "CanonicalUser", "ID": owner["ID"]}, "Permission": "FULL_CONTROL"},
    {"Grantee": {"Type": "Group", "URI": ALL_USERS}, "Permission": "READ_ACP"},
]
root.put_bucket_acl(Bucket=BUCKET, AccessControlPolicy={"Owner": owner, "Grants": grants})
holds("a bucket's grants read back", root.get_bucket_acl(Bucket=BUCKET)["Grants"] == grants)
holds("to everybody whom they let read them", nobody.get_bucket_acl(Bucket=BUCKET)["Grants"] == grants)
unset = lambda: root.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
code("ACLs stay while they grant", "InvalidBucketAclWithObjectOwnership", unset)
tell()
