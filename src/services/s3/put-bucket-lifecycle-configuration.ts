import type { Lifecycle } from '../../objects/lifecycle/rules.ts'
import type { S3Operation } from './context.ts'
import { invalidArgument, malformedXml } from './errors.ts'
import { rulesOfConfiguration } from './lifecycle/configuration.ts'

/** Replaces the whole configuration. Rules hold for what is there already, too. */
export const putBucketLifecycleConfiguration: S3Operation<'PutBucketLifecycleConfiguration'> = async (
  input,
  { objects },
) => {
  if (input.LifecycleConfiguration === undefined) throw malformedXml()
  const rules = rulesOfConfiguration(input.LifecycleConfiguration.Rules)
  const transitionMinimum = minimumNamed(input.TransitionDefaultMinimumObjectSize)
  await objects.changeBucket(input.Bucket, { lifecycle: { rules, transitionMinimum } })
  return { output: { TransitionDefaultMinimumObjectSize: transitionMinimum } }
}

function minimumNamed(name: string | undefined): Lifecycle['transitionMinimum'] {
  if (name === undefined || name === 'all_storage_classes_128K') return 'all_storage_classes_128K'
  if (name === 'varies_by_storage_class') return name
  throw invalidArgument(
    'Invalid value for the transition default minimum object size.',
    'x-amz-transition-default-minimum-object-size',
    name,
  )
}
