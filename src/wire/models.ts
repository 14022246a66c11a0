/** Every service model spoken here, by signing name: what the gateway looks a `Service` up in. */
import { athenaModel } from './model/athena.ts'
import { cloudwatchModel } from './model/cloudwatch.ts'
import { firehoseModel } from './model/firehose.ts'
import { glueModel } from './model/glue.ts'
import { iamModel } from './model/iam.ts'
import { kmsModel } from './model/kms.ts'
import { logsModel } from './model/logs.ts'
import { s3Model } from './model/s3.ts'
import { stsModel } from './model/sts.ts'
import type { ServiceModel } from './shape.ts'

export const wireModels: Readonly<Record<string, ServiceModel>> = {
  firehose: firehoseModel,
  glue: glueModel,
  athena: athenaModel,
  s3: s3Model,
  sts: stsModel,
  iam: iamModel,
  kms: kmsModel,
  monitoring: cloudwatchModel,
  logs: logsModel,
}
