import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Objects } from '../../ports/objects.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** Seconds that an address opens, or for as long as the function's own credentials live. */
const anHour = 3600;

/** Keeps objects in an S3 bucket; the address it gives is presigned for an hour. */
export function createObjects(access: AccountAccess, { region, bucket }: { readonly region: string; readonly bucket: string }): Objects {
  // An emulator has no name for each bucket.
  const client = new S3Client({ ...clientSettings(access, region), forcePathStyle: access.endpoint !== undefined });
  return {
    async put(key, body, contentType, signal) {
      const object = { Bucket: bucket, Key: key };
      await client.send(new PutObjectCommand({ ...object, Body: body, ContentType: contentType }), signal ? { abortSignal: signal } : {});
      const until = Date.now() + anHour * 1000;
      return { bucket, key, url: await getSignedUrl(client, new GetObjectCommand(object), { expiresIn: anHour }), until };
    },
  };
}
