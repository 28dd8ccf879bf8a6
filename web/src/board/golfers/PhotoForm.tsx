import type { Golfer } from "@fairway/live";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { FileTrigger } from "react-aria-components/FileTrigger";

import { RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";
import { PICTURES, sendPicture } from "../pictures";
import { useSession } from "../session";

/** Show a photo of oneself to other golfers, another one, or none any more. */
export function PhotoForm({ golfer }: { golfer: Golfer }) {
  const { words } = useLanguage();
  const { line } = useSession();
  const { act, pending } = useActs();
  const [state, setState] = useState<"" | "sending" | "failed">("");
  const show = async (file: File | undefined) => {
    if (!file) return;
    setState("sending");
    const pictureId = await sendPicture(line, file, {});
    setState(pictureId ? "" : "failed");
    if (pictureId) await act({ mutation: "updateGolfer", input: { pictureId }, done: words.golfers.photoShown }, "photo");
  };
  const remove = () => act({ mutation: "updateGolfer", input: { pictureId: null }, done: words.golfers.photoRemoved }, "photo");
  return (
    <span className="tools" aria-busy={state === "sending" || pending.has("photo") || undefined}>
      <FileTrigger acceptedFileTypes={PICTURES} onSelect={(files) => void show(files?.[0])}>
        <Button>{golfer.smallPhotoUrl ? words.golfers.photoChange : words.golfers.photoChoose}</Button>
      </FileTrigger>
      {golfer.smallPhotoUrl && (
        <button type="button" onClick={() => void remove()}>
          {words.golfers.photoRemove}
        </button>
      )}
      {state === "sending" && <span role="status">{words.party.uploading}</span>}
      {state === "failed" && (
        <span className="refusal" role="alert">
          {words.party.uploadFailed}
        </span>
      )}
      <RefusalNote where="photo" />
    </span>
  );
}
