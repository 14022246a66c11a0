"""A Python program that has jobs, triggers and workflows run. Prints how many claims held."""

import json
import time

import boto3
from botocore.exceptions import ClientError

glue, s3, logs = boto3.client("glue"), boto3.client("s3"), boto3.client("logs")
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


def until(read, is_so):
    while True:
        found = read()
        if is_so(found):
            return found
        time.sleep(0.05)


def ended(job, run):
    read = lambda: glue.get_job_run(JobName=job, RunId=run)["JobRun"]  # noqa: E731
    return until(read, lambda found: "CompletedOn" in found)


s3.create_bucket(Bucket="py.raw")
s3.put_object(Bucket="py.raw", Key="events/a.json", Body=b'{"a":1}\n')
s3.put_object(Bucket="py.raw", Key="jobs/count.py", Body=b"""
import sys
import boto3
from awsglue.utils import getResolvedOptions
options = getResolvedOptions(sys.argv, ["table"])
found = boto3.client("glue").get_table(DatabaseName="py", Name=options["table"])["Table"]
print([column["Name"] for column in found["StorageDescriptor"]["Columns"]], options.get("WORKFLOW_NAME"))
""")

# A job.
command = {"Name": "pythonshell", "ScriptLocation": "s3://py.raw/jobs/count.py", "PythonVersion": "3.9"}
job = {"Name": "count", "Role": "glue-role", "Command": command, "DefaultArguments": {"--table": "none"}}
holds("a job is made", glue.create_job(**job)["Name"] == "count")
read = glue.get_job(JobName="count")["Job"]
holds("it comes back as it was made", {name: read[name] for name in job} == job)
holds("with AWS's defaults", (read["Timeout"], read["MaxRetries"], read["MaxCapacity"]) == (2880, 0, 0.0625))
holds("names are taken once", code(glue.create_job, **job) == "AlreadyExistsException")
spark = {**job, "Name": "spark", "Command": {**command, "Name": "glueetl"}}
holds("Spark is refused", code(glue.create_job, **spark) == "InvalidInputException")
pages = glue.get_paginator("get_jobs").paginate(PaginationConfig={"PageSize": 1})
holds("jobs are listed", [one["Name"] for page in pages for one in page["Jobs"]] == ["count"])

run = ended("count", glue.start_job_run(JobName="count")["JobRunId"])
holds("a run that fails says how", run["JobRunState"] == "FAILED" and "EntityNotFoundException" in run["ErrorMessage"])
holds("no such job, no run", code(glue.start_job_run, JobName="none") == "EntityNotFoundException")

# A crawler, then the job, in a workflow.
glue.create_crawler(
    Name="py", Role="glue-role", DatabaseName="py", Targets={"S3Targets": [{"Path": "s3://py.raw/events/"}]}
)
glue.create_workflow(Name="nightly", DefaultRunProperties={"a": "1"})
glue.create_trigger(Name="start", Type="ON_DEMAND", WorkflowName="nightly", Actions=[{"CrawlerName": "py"}])
crawled = {"LogicalOperator": "EQUALS", "CrawlerName": "py", "CrawlState": "SUCCEEDED"}
trigger = {"Name": "crawled", "Type": "CONDITIONAL", "Predicate": {"Conditions": [crawled]}}
actions = [{"JobName": "count", "Arguments": {"--table": "events"}}]
glue.create_trigger(**trigger, WorkflowName="nightly", StartOnCreation=True, Actions=actions)
holds("a condition is needed", code(glue.create_trigger, Name="x", Type="CONDITIONAL", Actions=actions) == "InvalidInputException")
holds("events are refused", code(glue.create_trigger, Name="x", Type="EVENT", Actions=actions) == "InvalidInputException")

run_id = glue.start_workflow_run(Name="nightly", RunProperties={"b": "2"})["RunId"]
run = until(
    lambda: glue.get_workflow_run(Name="nightly", RunId=run_id, IncludeGraph=True)["Run"],
    lambda found: found["Status"] != "RUNNING",
)
holds("the run completes", run["Status"] == "COMPLETED" and run["WorkflowRunProperties"] == {"a": "1", "b": "2"})
holds("both actions succeeded", (run["Statistics"]["TotalActions"], run["Statistics"]["SucceededActions"]) == (2, 2))
nodes = {node["Name"]: node for node in run["Graph"]["Nodes"]}
holds("the graph has every node", set(nodes) == {"start", "crawled", "py", "count"} and len(run["Graph"]["Edges"]) == 3)
[job_run] = nodes["count"]["JobDetails"]["JobRuns"]
holds("the node has its run", job_run["TriggerName"] == "crawled" and job_run["JobRunState"] == "SUCCEEDED")
events = logs.get_log_events(logGroupName="/aws-glue/python-jobs/output", logStreamName=job_run["Id"])["events"]
holds("the script saw the table", [event["message"] for event in events] == ["['a'] nightly"])
glue.put_workflow_run_properties(Name="nightly", RunId=run_id, RunProperties={"c": "3"})
properties = glue.get_workflow_run_properties(Name="nightly", RunId=run_id)["RunProperties"]
holds("properties are added to", properties == {"a": "1", "b": "2", "c": "3"})
state = code(glue.stop_workflow_run, Name="nightly", RunId=run_id)
holds("what has ended is not stopped", state == "IllegalWorkflowStateException")
resumed = glue.resume_workflow_run(Name="nightly", RunId=run_id, NodeIds=[nodes["count"]["UniqueId"]])["RunId"]
until(lambda: glue.get_workflow_run(Name="nightly", RunId=resumed)["Run"], lambda found: found["Status"] == "COMPLETED")
runs = glue.get_workflow_runs(Name="nightly")["Runs"]
holds("a run is resumed", [one["WorkflowRunId"] for one in runs] == [resumed, run_id] and runs[0]["PreviousRunId"] == run_id)
runs = glue.get_job_runs(JobName="count")["JobRuns"]
holds("the job ran again", [one["JobRunState"] for one in runs] == ["SUCCEEDED", "SUCCEEDED", "FAILED"])

# A trigger by itself, tags, and the end.
glue.create_trigger(Name="hourly", Type="SCHEDULED", Schedule="cron(0 * * * ? *)", Actions=actions, Tags={"t": "v"})
holds("a schedule waits to be started", glue.get_trigger(Name="hourly")["Trigger"]["State"] == "CREATED")
glue.start_trigger(Name="hourly")
holds("and is", glue.get_trigger(Name="hourly")["Trigger"]["State"] == "ACTIVATED")
glue.stop_trigger(Name="hourly")
holds("and stopped", glue.get_trigger(Name="hourly")["Trigger"]["State"] == "DEACTIVATED")
arn = "arn:aws:glue:us-east-1:000000000000:trigger/hourly"
glue.tag_resource(ResourceArn=arn, TagsToAdd={"more": "1"})
holds("triggers have tags", glue.get_tags(ResourceArn=arn)["Tags"] == {"t": "v", "more": "1"})
holds("by tags too", glue.list_triggers(Tags={"more": "1"})["TriggerNames"] == ["hourly"])
glue.delete_workflow(Name="nightly")
holds("its triggers go with a workflow", glue.list_triggers()["TriggerNames"] == ["hourly"])
glue.delete_trigger(Name="hourly")
glue.delete_job(JobName="count")
holds("all is gone", (glue.list_jobs()["JobNames"], glue.list_workflows()["Workflows"]) == ([], []))
holds("gone is not found", code(glue.get_job, JobName="count") == "EntityNotFoundException")

print(json.dumps({"held": held}))
