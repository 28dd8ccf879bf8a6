import type { Line } from "@fairway/live";

/** What is taken as a picture. */
export const PICTURES = ["image/jpeg", "image/png", "image/webp", "image/heic", "image/avif"];

const UPLOAD = `mutation($input: UploadPictureInput!) {
  uploadPicture(input: $input) { pictureId url method headers { name value } problems { code message } }
}`;

interface Upload {
  pictureId: string | null;
  url: string | null;
  method: string | null;
  headers: { name: string; value: string }[] | null;
  problems: { code: string; message: string }[];
}

/** The page's own way to an address of this server, which may be known by another name outside. */
export function here(url: string): string {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

/** Send a picture's bytes; gives its id, or null where it was not taken. */
export async function sendPicture(line: Line, file: File, input: Record<string, unknown>): Promise<string | null> {
  try {
    const { uploadPicture } = await line.ask<{ uploadPicture: Upload }>(UPLOAD, { input });
    const { url, method, headers, pictureId } = uploadPicture;
    if (!url || !method) return null;
    const sent = await fetch(here(url), { method, body: file, headers: (headers ?? []).map(({ name, value }): [string, string] => [name, value]) });
    return sent.ok ? pictureId : null;
  } catch {
    return null;
  }
}
