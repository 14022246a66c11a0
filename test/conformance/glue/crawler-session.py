"""A Python program that has crawlers run: schedules, classifiers, runs and their logs. Prints how many claims held."""

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


def crawled(name):
    glue.start_crawler(Name=name)
    while True:
        crawler = glue.get_crawler(Name=name)["Crawler"]
        if crawler["State"] == "READY":
            return crawler
        time.sleep(0.05)


s3.create_bucket(Bucket="py.raw")
s3.put_object(Bucket="py.raw", Key="lines/a.txt", Body=b"GET 200 /a\nPUT 404 /b\n")

# Classifiers, one kind a request.
grok = {"Name": "lines", "Classification": "lines", "GrokPattern": "%{WORD:verb} %{NUMBER:status:int} %{NOTSPACE:path}"}
glue.create_classifier(GrokClassifier=grok)
read = glue.get_classifier(Name="lines")["Classifier"]["GrokClassifier"]
holds("a classifier comes back as it was made", {name: read[name] for name in grok} == grok and read["Version"] == 1)
holds("names are taken once", code(glue.create_classifier, GrokClassifier=grok) == "AlreadyExistsException")
holds("no kind is none", code(glue.create_classifier) == "InvalidInputException")
glue.update_classifier(GrokClassifier={"Name": "lines", "Classification": "verbs"})
read = glue.get_classifier(Name="lines")["Classifier"]["GrokClassifier"]
holds("an update keeps the rest", (read["Classification"], read["GrokPattern"], read["Version"]) == ("verbs", grok["GrokPattern"], 2))
pages = glue.get_paginator("get_classifiers").paginate()
holds("classifiers are listed", [next(iter(one)) for page in pages for one in page["Classifiers"]] == ["GrokClassifier"])

# A crawler with a schedule.
crawler = {
    "Name": "py",
    "Role": "glue-role",
    "DatabaseName": "py",
    "Targets": {"S3Targets": [{"Path": "s3://py.raw/lines/"}]},
    "Classifiers": ["lines"],
}
too_often = code(glue.create_crawler, **crawler, Schedule="cron(0/4 * * * ? *)")
holds("a schedule comes every five minutes at most", too_often == "InvalidInputException")
glue.create_crawler(**crawler, Schedule="cron(0 3 ? * 2#1 *)")
schedule = glue.get_crawler(Name="py")["Crawler"]["Schedule"]
holds("a schedule has a state", schedule == {"ScheduleExpression": "cron(0 3 ? * 2#1 *)", "State": "SCHEDULED"})
holds("it runs already", code(glue.start_crawler_schedule, CrawlerName="py") == "SchedulerRunningException")
glue.stop_crawler_schedule(CrawlerName="py")
holds("it is stopped once", code(glue.stop_crawler_schedule, CrawlerName="py") == "SchedulerNotRunningException")
glue.update_crawler_schedule(CrawlerName="py", Schedule="cron(0 3 L * ? *)")
schedule = glue.get_crawler(Name="py")["Crawler"]["Schedule"]
holds("it stays stopped", schedule == {"ScheduleExpression": "cron(0 3 L * ? *)", "State": "NOT_SCHEDULED"})
glue.update_crawler(Name="py", Schedule="")
holds("none is none", code(glue.start_crawler_schedule, CrawlerName="py") == "NoScheduleException")
holds("nobody has none", code(glue.start_crawler_schedule, CrawlerName="nobody") == "EntityNotFoundException")

# Its run and what the run says.
last = crawled("py")["LastCrawl"]
holds("the run succeeded", last["Status"] == "SUCCEEDED")
columns = glue.get_table(DatabaseName="py", Name="lines")["Table"]["StorageDescriptor"]["Columns"]
holds("the classifier decided", [column["Name"] for column in columns] == ["verb", "status", "path"])
said = logs.get_log_events(logGroupName=last["LogGroup"], logStreamName=last["LogStream"], startFromHead=True)
lines = [event["message"] for event in said["events"]]
holds("each line names its run", all(line.startswith(f"[{last['MessagePrefix']}] ") for line in lines))
holds("the first line is AWS's", lines[0].endswith("BENCHMARK : Running Start Crawl for Crawler py"))
holds("the last line is AWS's", lines[-1].endswith("BENCHMARK : Crawler has finished running and is in state READY"))
(run,) = glue.list_crawls(CrawlerName="py")["Crawls"]
holds("the history has it", (run["State"], run["CrawlId"]) == ("COMPLETED", last["MessagePrefix"]))
holds("and what it changed", json.loads(run["Summary"])["TABLE"]["ADD"] == 1)
holds("a crawler that rests has nothing to stop", code(glue.stop_crawler, Name="py") == "CrawlerNotRunningException")

glue.delete_crawler(Name="py")
glue.delete_classifier(Name="lines")
holds("the crawler is gone", code(glue.get_crawler, Name="py") == "EntityNotFoundException")
holds("the classifier is gone", code(glue.get_classifier, Name="lines") == "EntityNotFoundException")
print(json.dumps({"held": held}))
