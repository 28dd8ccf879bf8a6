import type { GuestRequest, Post, PostStatus, RequestStatus } from "@fairway/live";
import { type FormEvent, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";
import { clock, dayIn, dayInWords } from "../time";
import type { Words } from "../words";
import { PostBody } from "./PostBody";

function moderate(post: Post, status: PostStatus, words: Words): Act {
  const done = status === "APPROVED" ? words.party.approved(post.authorName) : words.party.hidden(post.authorName);
  const undo = (): Act => ({ mutation: "moderatePost", input: { postId: post.id, status: post.status }, done: words.done.undone });
  return { mutation: "moderatePost", input: { postId: post.id, status }, done, undo };
}

/** What guests have posted: what waits to be looked at comes first. */
export function Posts({ posts }: { posts: Post[] }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const order = [...posts].sort((one, other) => Number(other.status === "PENDING") - Number(one.status === "PENDING"));
  if (!posts.length) return <p className="quiet">{words.party.noPosts}</p>;
  return (
    <ul className="posts">
      {order.map((post) => (
        <li key={post.id} className="card" data-status={post.status} aria-busy={pending.has(post.id) || undefined}>
          <PostBody post={post} />
          <span className="status">{words.party.postStatuses[post.status]}</span>
          <span className="acts">
            {post.status !== "APPROVED" && (
              <button type="button" className="primary" onClick={() => void act(moderate(post, "APPROVED", words), post.id)}>
                {words.party.approve}
                <span className="unseen"> {post.authorName}</span>
              </button>
            )}
            {post.status !== "HIDDEN" && (
              <button type="button" onClick={() => void act(moderate(post, "HIDDEN", words), post.id)}>
                {words.party.hide}
                <span className="unseen"> {post.authorName}</span>
              </button>
            )}
          </span>
          <RefusalNote where={post.id} />
        </li>
      ))}
    </ul>
  );
}

const STATUSES: RequestStatus[] = ["OPEN", "IN_PROGRESS", "DONE", "DECLINED"];
const SETTABLE = STATUSES.slice(1);

/** What guests ask for: what is open comes first. */
export function Requests({ requests, zone }: { requests: GuestRequest[]; zone: string }) {
  const { words } = useLanguage();
  const order = [...requests].sort((one, other) => STATUSES.indexOf(one.status) - STATUSES.indexOf(other.status));
  if (!requests.length) return <p className="quiet">{words.party.noRequests}</p>;
  return (
    <ul className="posts">
      {order.map((request) => (
        <Request key={`${request.id} ${request.status} ${request.reply}`} request={request} zone={zone} />
      ))}
    </ul>
  );
}

function Request({ request, zone }: { request: GuestRequest; zone: string }) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const [reply, setReply] = useState(request.reply);
  const [status, setStatus] = useState<RequestStatus>(request.status === "OPEN" ? "IN_PROGRESS" : request.status);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const was = { requestId: request.id, reply: request.reply, ...(request.status !== "OPEN" && { status: request.status }) };
    const undo = request.status === "OPEN" ? undefined : (): Act => ({ mutation: "updateGuestRequest", input: was, done: words.done.undone });
    const input = { requestId: request.id, status, reply };
    void act({ mutation: "updateGuestRequest", input, done: words.party.answeredRequest(request.authorName), ...(undo && { undo }) }, request.id);
  };
  const day = dayIn(zone, new Date(request.createdAt).getTime());
  return (
    <li className="card" data-status={request.status} aria-busy={pending.has(request.id) || undefined}>
      <span className="who">
        <strong>{request.authorName}</strong>
        <small className="quiet">
          {dayInWords(day, locale)}, {clock(request.createdAt, zone, locale)} · {words.party.requestStatuses[request.status]}
        </small>
      </span>
      <p className="said">{request.text}</p>
      <form onSubmit={submit} className="inline">
        <label className="stacked">
          {words.party.reply}
          <input value={reply} autoComplete="off" onChange={(event) => setReply(event.target.value)} />
        </label>
        <label className="stacked">
          {words.party.state}
          <select value={status} onChange={(event) => setStatus(event.target.value as RequestStatus)}>
            {SETTABLE.map((one) => (
              <option key={one} value={one}>
                {words.party.requestStatuses[one]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" disabled={pending.has(request.id)}>
          {words.party.answerRequest}
          <span className="unseen"> {request.authorName}</span>
        </button>
      </form>
      <RefusalNote where={request.id} />
    </li>
  );
}
