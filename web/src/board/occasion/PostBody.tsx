import type { Post } from "@fairway/live";

import { useLanguage } from "../language";
import { here } from "../pictures";

/** What somebody posted, as all see it. */
export function PostBody({ post }: { post: Post }) {
  const { words } = useLanguage();
  const { kind, authorName, title, artist, text, picture, votes } = post;
  return (
    <>
      <span className="who">
        <strong>{authorName}</strong>
        <small className="quiet">{[words.party.kinds[kind], kind === "MUSIC" && words.party.votes(votes)].filter(Boolean).join(" · ")}</small>
      </span>
      {picture && (
        <a href={here(picture.url)} target="_blank" rel="noreferrer">
          <img src={here(picture.smallUrl)} alt={words.party.photoOf(authorName)} loading="lazy" />
        </a>
      )}
      {title && (
        <p className="said">
          <strong>{title}</strong> {artist && words.party.by(artist)}
        </p>
      )}
      {text && <p className="said">{text}</p>}
    </>
  );
}
