"""A Python program that measures and logs: CloudWatch and its Logs through boto3. Prints how many claims held."""

import datetime
import json
import time

import boto3
from botocore.exceptions import ClientError

DIMENSIONS = [{"Name": "Host", "Value": "a"}]
METRIC = {"Namespace": "Py/App", "MetricName": "Latency", "Dimensions": DIMENSIONS}
NOW = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
MINUTE = datetime.timedelta(minutes=1)
SPAN = {"StartTime": NOW - 60 * MINUTE, "EndTime": NOW + 2 * MINUTE}
cloudwatch, logs = boto3.client("cloudwatch"), boto3.client("logs")
held = 0


def holds(name, claim):
    global held
    if not claim:
        raise SystemExit(f"does not hold: {name}")
    held += 1


def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"


# Metrics, in the protocol that this client prefers.
data = [
    {"MetricName": "Latency", "Dimensions": DIMENSIONS, "Timestamp": NOW - n * MINUTE, "Value": float(n), "Unit": "Seconds"}
    for n in range(1, 31)
]
cloudwatch.put_metric_data(Namespace="Py/App", MetricData=data)
listed = [metric for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace="Py/App") for metric in page["Metrics"]]
holds("it is listed", listed == [METRIC])
points = cloudwatch.get_metric_statistics(**METRIC, **SPAN, Period=60, Statistics=["Sum"], Unit="Seconds")["Datapoints"]
holds("a point each minute", sorted(point["Sum"] for point in points) == [float(n) for n in range(1, 31)])
holds("at its minute", all(point["Timestamp"] == NOW - int(point["Sum"]) * MINUTE for point in points))
query = {"Id": "m", "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "Sum"}}
pages = list(cloudwatch.get_paginator("get_metric_data").paginate(MetricDataQueries=[query], **SPAN, PaginationConfig={"PageSize": 7}))
values = [value for page in pages for result in page["MetricDataResults"] for value in result["Values"]]
holds("by page, the newest first", len(pages) == 5 and values == [float(n) for n in range(1, 31)])
percentiles = cloudwatch.get_metric_statistics(**METRIC, **SPAN, Period=7200, ExtendedStatistics=["p50", "p90", "p99"])
found = percentiles["Datapoints"][0]["ExtendedStatistics"]
holds("percentiles", abs(found["p50"] - 15) < 0.5 and abs(found["p90"] - 27) < 0.7 and abs(found["p99"] - 30) < 0.8)
big = [{"MetricName": f"m{n}", "Value": n} for n in range(1000)]
holds("a compressed call", code(cloudwatch.put_metric_data, Namespace="Py/Many", MetricData=big) == "accepted")
holds("AWS's namespaces", code(cloudwatch.put_metric_data, Namespace="AWS/X", MetricData=[]) == "InvalidParameterValue")
holds("too many points", code(cloudwatch.get_metric_statistics, **METRIC, StartTime=NOW - 9999 * MINUTE, EndTime=NOW, Period=60, Statistics=["Sum"]) == "InvalidParameterCombination")
holds("alarms", code(cloudwatch.describe_alarms) == "InvalidAction")
holds("a statistic that is none", code(cloudwatch.get_metric_data, MetricDataQueries=[{"Id": "m", "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "None"}}], **SPAN) == "ValidationError")
try:
    cloudwatch.get_metric_statistics(**METRIC, StartTime=NOW, EndTime=NOW, Period=60, Statistics=["Sum"])
    raise SystemExit("does not hold: the modelled exception")
except cloudwatch.exceptions.InvalidParameterCombinationException:
    held += 1

# Logs.
GROUP, STREAM = {"logGroupName": "/py/app"}, {"logGroupName": "/py/app", "logStreamName": "main"}
logs.create_log_group(**GROUP, tags={"team": "data"})
logs.create_log_stream(**STREAM)
start = int(time.time() * 1000)
events = [{"timestamp": start + n, "message": f"{'ERROR' if n % 10 == 0 else 'ok'} line {n} é"} for n in range(100)]
token = logs.put_log_events(**STREAM, logEvents=events)["nextSequenceToken"]
logs.put_log_events(**STREAM, sequenceToken=token, logEvents=[{"timestamp": start + 200, "message": "last"}])
read, before = [], None
page = logs.get_log_events(**STREAM, startFromHead=True, limit=40)
while page["nextForwardToken"] != before:
    read += [event["message"] for event in page["events"]]
    before = page["nextForwardToken"]
    page = logs.get_log_events(**STREAM, nextToken=before, limit=40)
holds("all events, in order", read == [event["message"] for event in events] + ["last"])
search = logs.get_paginator("filter_log_events").paginate(**GROUP, filterPattern="ERROR", PaginationConfig={"PageSize": 3})
holds("a search by page", sum(len(page["events"]) for page in search) == 10)
group = logs.describe_log_groups(logGroupNamePrefix="/py/")["logGroups"][0]
holds("the group", group["logGroupName"] == "/py/app" and group["storedBytes"] > 0)
logs.put_retention_policy(**GROUP, retentionInDays=14)
holds("its retention", logs.describe_log_groups(logGroupNamePrefix="/py/")["logGroups"][0]["retentionInDays"] == 14)
holds("its tags", logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"team": "data"})
holds("its stream", logs.describe_log_streams(**GROUP, orderBy="LastEventTime")["logStreams"][0]["lastEventTimestamp"] == start + 200)
rejected = logs.put_log_events(**STREAM, logEvents=[{"timestamp": start - 15 * 86400000, "message": "old"}, {"timestamp": start, "message": "new"}])
holds("too old", rejected["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1})
holds("no such stream", code(logs.get_log_events, **GROUP, logStreamName="none") == "ResourceNotFoundException")
holds("twice", code(logs.create_log_group, **GROUP) == "ResourceAlreadyExistsException")
holds("retention of two days", code(logs.put_retention_policy, **GROUP, retentionInDays=2) == "InvalidParameterException")
holds("queries", code(logs.start_query, **GROUP, startTime=0, endTime=1, queryString="x") == "UnknownOperationException")
logs.delete_log_group(**GROUP)
holds("gone", logs.describe_log_groups(logGroupNamePrefix="/py/")["logGroups"] == [])
print(json.dumps({"held": held}))
