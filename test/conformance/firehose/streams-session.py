"""Streams of every kind made, read back and changed with boto3; a report on stdout for the test beside this file."""

import json
import time

import boto3
from botocore.exceptions import ClientError

firehose, s3, iam, kms = (boto3.client(name) for name in ("firehose", "s3", "iam", "kms"))

NAME = "session"
TRUST = {"Effect": "Allow", "Principal": {"Service": "firehose.amazonaws.com"}, "Action": "sts:AssumeRole"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
ROLE = iam.create_role(RoleName="firehose", AssumeRolePolicyDocument=POLICY)["Role"]["Arn"]
BUCKET = "arn:aws:s3:::session"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:transform"
PLACE = {"RoleARN": ROLE, "BucketARN": BUCKET}
KEY = kms.create_key()["KeyMetadata"]["Arn"]

s3.create_bucket(Bucket="session")


def parameters(**values):
    return [{"ParameterName": name, "ParameterValue": value} for name, value in values.items()]


def describe():
    return firehose.describe_delivery_stream(DeliveryStreamName=NAME)["DeliveryStreamDescription"]


def until(what, ask, within_s=30):
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if ask():
            return
        time.sleep(0.02)
    raise SystemExit(f"not within {within_s} s: {what}")


def make(destination, **more):
    firehose.create_delivery_stream(
        DeliveryStreamName=NAME,
        ExtendedS3DestinationConfiguration={**PLACE, **destination},
        **more,
    )
    until("the stream is ACTIVE", lambda: describe()["DeliveryStreamStatus"] == "ACTIVE")


def drop():
    firehose.delete_delivery_stream(DeliveryStreamName=NAME)
    until("the stream is gone", lambda: NAME not in firehose.list_delivery_streams()["DeliveryStreamNames"])


def update(change):
    firehose.update_destination(
        DeliveryStreamName=NAME,
        CurrentDeliveryStreamVersionId=describe()["VersionId"],
        DestinationId="destinationId-000000000001",
        ExtendedS3DestinationUpdate=change,
    )


def read_back():
    return describe()["Destinations"][0]["ExtendedS3DestinationDescription"]


def refusal(call):
    try:
        call()
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return "none"


def differences(sent, described):
    """Members of what was sent that do not read back as they were."""
    return [name for name, value in sent.items() if described.get(name) != value]


# What the examples of Terraform's aws_kinesis_firehose_delivery_stream send, defaults of the provider and all.
PARTITIONED = {
    "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 300},
    "CompressionFormat": "UNCOMPRESSED",
    "Prefix": "data/customer_id=!{partitionKeyFromQuery:customer_id}/year=!{timestamp:yyyy}/",
    "ErrorOutputPrefix": "errors/year=!{timestamp:yyyy}/!{firehose:error-output-type}/",
    "DynamicPartitioningConfiguration": {"Enabled": True, "RetryOptions": {"DurationInSeconds": 300}},
    "ProcessingConfiguration": {
        "Enabled": True,
        "Processors": [
            {"Type": "RecordDeAggregation", "Parameters": parameters(SubRecordType="JSON")},
            {"Type": "AppendDelimiterToRecord"},
            {
                "Type": "MetadataExtraction",
                "Parameters": parameters(JsonParsingEngine="JQ-1.6", MetadataExtractionQuery="{customer_id:.customer_id}"),
            },
        ],
    },
    "S3BackupMode": "Disabled",
    "CustomTimeZone": "UTC",
}
CONVERTED = {
    "BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 300},
    "DataFormatConversionConfiguration": {
        "Enabled": True,
        "InputFormatConfiguration": {
            "Deserializer": {"OpenXJsonSerDe": {"CaseInsensitive": True, "ConvertDotsInJsonKeysToUnderscores": False}}
        },
        "OutputFormatConfiguration": {
            "Serializer": {
                "ParquetSerDe": {
                    "BlockSizeBytes": 268435456,
                    "PageSizeBytes": 1048576,
                    "Compression": "SNAPPY",
                    "EnableDictionaryCompression": False,
                    "MaxPaddingBytes": 0,
                    "WriterVersion": "V1",
                }
            }
        },
        "SchemaConfiguration": {"DatabaseName": "d", "RoleARN": ROLE, "TableName": "t", "VersionId": "LATEST"},
    },
}
TRANSFORMED = {
    "ProcessingConfiguration": {
        "Enabled": True,
        "Processors": [{"Type": "Lambda", "Parameters": parameters(LambdaArn=f"{FUNCTION}:$LATEST")}],
    },
    "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": KEY}},
    "CloudWatchLoggingOptions": {"Enabled": True, "LogGroupName": "/aws/kinesisfirehose/session", "LogStreamName": "S"},
    "S3BackupMode": "Enabled",
}
BACKUP = {
    **PLACE,
    "Prefix": "source/",
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
    "CompressionFormat": "GZIP",
    "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
    "CloudWatchLoggingOptions": {"Enabled": False},
}

report = {"differences": {}, "refusals": {}, "encryption": []}

make(PARTITIONED)
report["differences"]["partitioned"] = differences(PARTITIONED, read_back())
report["refusals"]["partitioning off"] = refusal(
    lambda: update({"DynamicPartitioningConfiguration": {"Enabled": False}})
)
drop()

make(CONVERTED)
report["differences"]["converted"] = differences(CONVERTED, read_back())
update({"DataFormatConversionConfiguration": {"Enabled": False}})
off = {**CONVERTED["DataFormatConversionConfiguration"], "Enabled": False}
report["differences"]["switched off"] = differences({"DataFormatConversionConfiguration": off}, read_back())
drop()

make({**TRANSFORMED, "S3BackupConfiguration": BACKUP})
described = read_back()
report["differences"]["transformed"] = differences(
    {**TRANSFORMED, "S3BackupDescription": BACKUP, "ProcessingConfiguration": described["ProcessingConfiguration"]},
    described,
)
report["lambda"] = {
    one["ParameterName"]: one["ParameterValue"]
    for one in described["ProcessingConfiguration"]["Processors"][0]["Parameters"]
}
report["refusals"]["backup off"] = refusal(lambda: update({"S3BackupMode": "Disabled"}))
update({"ProcessingConfiguration": {"Enabled": False, "Processors": []}})
report["version"] = describe()["VersionId"]
drop()


def encryption():
    return describe()["DeliveryStreamEncryptionConfiguration"]


def encrypted_put():
    return firehose.put_record(DeliveryStreamName=NAME, Record={"Data": b"x"})["Encrypted"]


make({}, DeliveryStreamEncryptionConfigurationInput={"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": KEY})
report["encryption"].append([encryption()["KeyType"], encryption()["Status"], encryption()["KeyARN"] == KEY, encrypted_put()])
kms.disable_key(KeyId=KEY)
report["refusals"]["disabled key"] = refusal(encrypted_put).replace(KEY, "the key")
kms.enable_key(KeyId=KEY)
firehose.start_delivery_stream_encryption(DeliveryStreamName=NAME)
until("the key is AWS's", lambda: encryption()["Status"] == "ENABLED")
report["encryption"].append([encryption()["KeyType"], encryption()["Status"], "KeyARN" in encryption(), encrypted_put()])
firehose.stop_delivery_stream_encryption(DeliveryStreamName=NAME)
until("encryption has ended", lambda: encryption()["Status"] == "DISABLED")
report["encryption"].append([encryption(), encrypted_put()])
drop()

report["refusals"]["prefix"] = refusal(lambda: make({"Prefix": "!{timestamp:yyyy}/"}))
report["refusals"]["processor"] = refusal(
    lambda: make({"ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "Lambda"}]}})
)
report["refusals"]["role"] = refusal(
    lambda: make({"S3BackupMode": "Enabled", "S3BackupConfiguration": {**PLACE, "RoleARN": f"{ROLE}-gone"}})
).replace(ROLE, "the role")
report["refusals"]["limit"] = refusal(lambda: make({"CustomTimeZone": "a" * 51}))

print(json.dumps(report))
