import { type HostedTeeTime, type Message, mutate } from "@fairway/live";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";
import { useSession } from "../session";
import { clock, dayIn, dayInWords } from "../time";
import { Avatar } from "./Avatar";

const LONGEST = 2_000;

/** What those who take part write to each other: the newest at the end, as they come. */
export function Chat({ teeTime, messages, older }: { teeTime: HostedTeeTime; messages: Message[]; older: () => void }) {
  const { words, locale } = useLanguage();
  const list = useRef<HTMLDivElement>(null);
  const inOrder = messages.toReversed();
  const newest = messages[0];
  useReading(newest, teeTime.unreadMessages);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest?.id]);
  const dayOf = ({ createdAt }: Message) => dayIn(teeTime.timeZone, new Date(createdAt).getTime());
  return (
    <section className="chat" aria-label={words.golfers.chat}>
      <h3>{words.golfers.chat}</h3>
      {teeTime.hasOlderMessages && (
        <button type="button" onClick={older}>
          {words.golfers.olderMessages}
        </button>
      )}
      <div ref={list} role="log" aria-label={words.golfers.chat} tabIndex={0}>
      <ol>
        {inOrder.length === 0 && <li className="quiet">{words.golfers.noMessages}</li>}
        {inOrder.map((message, index) => {
          const before = inOrder[index - 1];
          return (
            <OneMessage
              key={message.id}
              message={message}
              photo={teeTime.slots.find(({ golfer }) => golfer?.id === message.golferId)?.golfer?.smallPhotoUrl ?? null}
              time={clock(message.createdAt, teeTime.timeZone, locale)}
              day={before && dayOf(before) === dayOf(message) ? null : dayInWords(dayOf(message), locale)}
            />
          );
        })}
      </ol>
      </div>
      {(teeTime.requests !== null || teeTime.myStatus === "JOINED") && <Write teeTimeId={teeTime.id} />}
    </section>
  );
}

/** Whoever has the room before them has read it. */
function useReading(newest: Message | undefined, unread: number): void {
  const { line } = useSession();
  const id = newest?.id;
  useEffect(() => {
    if (!id || !unread) return;
    const read = () => {
      if (document.visibilityState !== "visible") return;
      // Where it can't be said, it stays unread, and is said with the next one.
      mutate(line, { mutation: "markMessagesRead", result: "unread", input: { messageId: id } }).catch(() => {});
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [line, id, unread]);
}

function OneMessage({ message, photo, time, day }: { message: Message; photo: string | null; time: string; day: string | null }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const { id, golferName, isOwn, status, text } = message;
  const remove: Act = { mutation: "deleteMessage", input: { messageId: id }, done: words.golfers.messageDeleted };
  return (
    <>
      {day && <li className="chat-day quiet">{day}</li>}
      <li className="chat-message" data-own={isOwn || undefined} aria-busy={pending.has(id) || undefined}>
        <small className="quiet with-photo">
          <Avatar golfer={{ name: golferName, smallPhotoUrl: photo }} />
          <span>
            {isOwn ? words.golfers.you : golferName} · {time}
          </span>
        </small>
        {status === "SHOWN" ? <p className="said">{text}</p> : <p className="quiet">{words.golfers.messageStatuses[status]}</p>}
        {status === "SHOWN" &&
          (isOwn ? (
            <details>
              <summary>{words.golfers.deleteMessage}…</summary>
              <button type="button" onClick={() => void act(remove, id)}>
                {words.golfers.deleteMessageDo}
              </button>
            </details>
          ) : (
            <Report messageId={id} />
          ))}
        <RefusalNote where={id} />
      </li>
    </>
  );
}

function Report({ messageId }: { messageId: string }) {
  const { words } = useLanguage();
  const { act } = useActs();
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act({ mutation: "reportMessage", input: { messageId, reason }, done: words.golfers.messageReported }, messageId);
  };
  return (
    <details>
      <summary>{words.golfers.reportMessage}…</summary>
      <form className="inline" onSubmit={submit}>
        <input required maxLength={1_000} aria-label={words.golfers.reportWhy} placeholder={words.golfers.reportWhy} value={reason} onChange={(event) => setReason(event.target.value)} />
        <button type="submit">{words.golfers.reportMessage}</button>
      </form>
    </details>
  );
}

function Write({ teeTimeId }: { teeTimeId: string }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [text, setText] = useState("");
  const where = `write ${teeTimeId}`;
  const send = async () => {
    if (!text.trim() || pending.has(where)) return;
    const sent: Act = {
      mutation: "sendMessage",
      input: { teeTimeId, text },
      result: "message { id }",
      done: words.golfers.messageSent,
      mayWait: true,
      undo: (payload) => ({ mutation: "deleteMessage", input: { messageId: (payload["message"] as { id: string }).id }, done: words.golfers.messageDeleted }),
    };
    if (await act(sent, where)) setText("");
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <form
      className="chat-write"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea rows={2} maxLength={LONGEST} aria-label={words.golfers.write} placeholder={words.golfers.write} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={press} />
      <button type="submit" className="primary" disabled={pending.has(where)}>
        {words.golfers.send}
      </button>
      <RefusalNote where={where} />
    </form>
  );
}
