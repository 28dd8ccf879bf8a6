import type { Golfer } from "@fairway/live";
import { useState } from "react";

import { here } from "../pictures";

/** A golfer's photo beside the name, or else the initials: what they say, the name says as well. */
export function Avatar({ golfer: { name, smallPhotoUrl } }: { golfer: Pick<Golfer, "name" | "smallPhotoUrl"> }) {
  const [broken, setBroken] = useState<string | null>(null);
  if (smallPhotoUrl && smallPhotoUrl !== broken) {
    return <img className="avatar" src={here(smallPhotoUrl)} alt="" width={40} height={40} loading="lazy" onError={() => setBroken(smallPhotoUrl)} />;
  }
  return (
    <span className="avatar" aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? "")][0] ?? "").join("").toLocaleUpperCase();
}
