import { followPosts, type Post, type PostKind } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components/Button";
import { FileTrigger } from "react-aria-components/FileTrigger";

import { RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";
import { PICTURES, sendPicture } from "../pictures";
import { Problem } from "../Problem";
import { useSession } from "../session";
import { PostBody } from "./PostBody";

const KINDS: PostKind[] = ["GUESTBOOK", "GALLERY", "MUSIC", "TRIBUTE"];

/** What guests post and ask for, on their own page. */
export default function GuestPosts({ occasionId, guestId }: { occasionId: string; guestId: string | undefined }) {
  const { words } = useLanguage();
  const { line } = useSession();
  const live = useFollowed(() => followPosts({ line, occasionId, first: 50 }), [line, occasionId]);
  return (
    <>
      <section className="card" aria-label={words.party.guestPosts}>
        <h3>{words.party.guestPosts}</h3>
        <Problem of={live} />
        <NewPost occasionId={occasionId} guestId={guestId} />
        <ul className="posts">
          {live.state?.posts.map((post) => (
            <OnePost key={post.id} post={post} guestId={guestId} />
          ))}
        </ul>
      </section>
      <section className="card" aria-label={words.party.requests}>
        <h3>{words.party.requests}</h3>
        <NewRequest occasionId={occasionId} guestId={guestId} />
        <ul className="posts">
          {live.state?.requests.map(({ id, text, status, reply }) => (
            <li key={id} data-status={status}>
              <p className="said">{text}</p>
              <span className="status">{words.party.requestStatuses[status]}</span>
              {reply && <p className="said reply">{reply}</p>}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function OnePost({ post, guestId }: { post: Post; guestId: string | undefined }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const hasVoted = guestId !== undefined && post.votedGuestIds.includes(guestId);
  const vote = (mutation: string) => ({ mutation, input: { postId: post.id, guestId }, done: mutation === "voteForMusic" ? words.party.vote : words.party.unvote });
  return (
    <li data-status={post.status} aria-busy={pending.has(post.id) || undefined}>
      <PostBody post={post} />
      {post.isOwn && post.status !== "APPROVED" && <span className="status">{words.party.postStatuses[post.status]}</span>}
      <span className="acts">
        {post.kind === "MUSIC" && post.status === "APPROVED" && guestId && (
          <button type="button" aria-pressed={hasVoted} onClick={() => void act(vote(hasVoted ? "unvoteForMusic" : "voteForMusic"), post.id)}>
            {hasVoted ? words.party.unvote : words.party.vote}
            <span className="unseen"> {post.title}</span>
          </button>
        )}
        {post.isOwn && (
          <button type="button" onClick={() => void act({ mutation: "deletePost", input: { postId: post.id }, done: words.party.postDeleted }, post.id)}>
            {words.party.deletePost}
          </button>
        )}
      </span>
      <RefusalNote where={post.id} />
    </li>
  );
}

function NewPost({ occasionId, guestId }: { occasionId: string; guestId: string | undefined }) {
  const { words } = useLanguage();
  const { line } = useSession();
  const { act, pending } = useActs();
  const [kind, setKind] = useState<PostKind>("GUESTBOOK");
  const [given, setGiven] = useState({ title: "", artist: "", text: "" });
  const [file, setFile] = useState<File | null>(null);
  const [state, setState] = useState<"" | "sending" | "failed">("");
  const [round, setRound] = useState(0);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    let pictureId: string | null = null;
    if (file && kind !== "MUSIC") {
      setState("sending");
      pictureId = await sendPicture(line, file, { occasionId, ...(guestId && { guestId }) });
      setState(pictureId ? "" : "failed");
      if (!pictureId) return;
    }
    const { title, artist, text } = given;
    const input = { occasionId, kind, text, ...(guestId && { guestId }), ...(kind === "MUSIC" && { title, artist }), ...(pictureId && { pictureId }) };
    const undo = (payload: Record<string, unknown>) => ({ mutation: "deletePost", input: { postId: (payload["post"] as { id: string }).id }, done: words.party.postDeleted });
    if (!(await act({ mutation: "addPost", input, result: "post { id }", done: words.party.posted, undo }, "post"))) return;
    setGiven({ title: "", artist: "", text: "" });
    setFile(null);
    setRound(round + 1);
  };
  const set = (name: keyof typeof given) => (event: { target: { value: string } }) => setGiven((old) => ({ ...old, [name]: event.target.value }));
  return (
    <form onSubmit={(event) => void submit(event)} key={round}>
      <label className="stacked">
        {words.party.postKind}
        <select value={kind} onChange={(event) => setKind(event.target.value as PostKind)}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {words.party.kinds[one]}
            </option>
          ))}
        </select>
      </label>
      {kind === "MUSIC" && (
        <>
          <label className="stacked">
            {words.party.songTitle}
            <input required autoComplete="off" value={given.title} onChange={set("title")} />
          </label>
          <label className="stacked">
            {words.party.artist}
            <input autoComplete="off" value={given.artist} onChange={set("artist")} />
          </label>
        </>
      )}
      {kind !== "MUSIC" && (
        // By a button of ours: the browser's own speaks the browser's language.
        <p className="tools">
          <FileTrigger acceptedFileTypes={PICTURES} onSelect={(files) => setFile(files?.[0] ?? null)}>
            <Button>{words.party.choosePicture}</Button>
          </FileTrigger>
          <span>{file?.name}</span>
        </p>
      )}
      <label className="stacked">
        {words.party.text}
        <textarea rows={3} required={kind === "GUESTBOOK" || kind === "TRIBUTE"} maxLength={2000} value={given.text} onChange={set("text")} />
      </label>
      {state === "sending" && <p role="status">{words.party.uploading}</p>}
      {state === "failed" && (
        <p className="refusal" role="alert">
          {words.party.uploadFailed}
        </p>
      )}
      <RefusalNote where="post" />
      <button type="submit" className="primary" disabled={pending.has("post") || state === "sending" || (kind === "GALLERY" && !file)}>
        {words.party.post}
      </button>
    </form>
  );
}

function NewRequest({ occasionId, guestId }: { occasionId: string; guestId: string | undefined }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [text, setText] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { occasionId, text, ...(guestId && { guestId }) };
    if (await act({ mutation: "createGuestRequest", input, done: words.party.requested }, "request")) setText("");
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label className="stacked">
        {words.party.requestText}
        <textarea rows={2} required maxLength={2000} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <RefusalNote where="request" />
      <button type="submit" disabled={pending.has("request")}>
        {words.party.request}
      </button>
    </form>
  );
}
