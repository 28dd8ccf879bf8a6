import { type FormEvent, useState } from "react";

import { RefusalNote, useActs } from "../acts";
import type { Course } from "../clubs";
import { useLanguage } from "../language";
import { addDays, dayIn, momentAt } from "../time";

/** Who the user is to other golfers: asked once, before anything else. */
export function ProfileForm({ saved }: { saved: () => void }) {
  const { words, language } = useLanguage();
  const { act, pending } = useActs();
  const [given, setGiven] = useState({ name: "", industry: "OTHER", city: "", headline: "", handicapIndex: "" });
  const set = (name: keyof typeof given) => (event: { target: { value: string } }) => setGiven((old) => ({ ...old, [name]: event.target.value }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { handicapIndex, ...texts } = given;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const input = { ...texts, timeZone, language, ...(handicapIndex !== "" && { handicapIndex: Number(handicapIndex) }) };
    if (await act({ mutation: "updateGolfer", input, done: words.golfers.saved }, "profile")) saved();
  };
  return (
    <form className="card guest-page" onSubmit={(event) => void submit(event)}>
      <h2>{words.golfers.profile}</h2>
      <p className="quiet">{words.golfers.profileWhy}</p>
      <label className="stacked">
        {words.golfers.name}
        <input required autoComplete="name" value={given.name} onChange={set("name")} />
      </label>
      <label className="stacked">
        {words.golfers.industry}
        <select value={given.industry} onChange={set("industry")}>
          {Object.entries(words.golfers.industries).map(([one, word]) => (
            <option key={one} value={one}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <label className="stacked">
        {words.golfers.city}
        <input autoComplete="address-level2" value={given.city} onChange={set("city")} />
      </label>
      <label className="stacked">
        {words.golfers.headline}
        <input autoComplete="off" value={given.headline} onChange={set("headline")} />
      </label>
      <label className="stacked">
        {words.golfers.handicap}
        <input type="number" step="0.1" min="-10" max="54" value={given.handicapIndex} onChange={set("handicapIndex")} />
      </label>
      <RefusalNote where="profile" />
      <button type="submit" className="primary" disabled={pending.has("profile")}>
        {words.golfers.save}
      </button>
    </form>
  );
}

/** Host a tee time at one of the clubs' courses. */
export function HostForm({ courses, course, hosted }: { courses: Course[]; course: Course | null; hosted: (id: string, name: string) => void }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [courseId, setCourse] = useState(course?.id ?? "");
  const at = courses.find(({ id }) => id === courseId) ?? course;
  const [day, setDay] = useState(() => addDays(dayIn(at?.timeZone, Date.now()), 2));
  const [time, setTime] = useState("09:00");
  const [places, setPlaces] = useState(3);
  const [needsApproval, setApproval] = useState(false);
  const [notes, setNotes] = useState("");
  if (!at) return null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { courseId: at.id, startsAt: momentAt(day, time, at.timeZone), places, needsApproval, notes };
    const undo = (payload: Record<string, unknown>) => ({
      mutation: "cancelHostedTeeTime",
      input: { teeTimeId: (payload["hostedTeeTime"] as { id: string }).id },
      done: words.golfers.cancelled,
    });
    const payload = await act({ mutation: "hostTeeTime", input, result: "hostedTeeTime { id }", done: words.golfers.hosted, undo }, "host");
    if (payload) hosted((payload["hostedTeeTime"] as { id: string }).id, `${at.name} · ${day} ${time}`);
  };
  return (
    <details className="card">
      <summary>{words.golfers.hostOne}…</summary>
      <form onSubmit={(event) => void submit(event)}>
        <label className="stacked">
          {words.course}
          <select value={at.id} onChange={(event) => setCourse(event.target.value)}>
            {courses.map(({ id, name, clubName }) => (
              <option key={id} value={id}>
                {clubName} · {name}
              </option>
            ))}
          </select>
        </label>
        <label className="stacked">
          {words.day}
          <input type="date" required value={day} onChange={(event) => setDay(event.target.value)} />
        </label>
        <label className="stacked">
          {words.golfers.startTime}
          <input type="time" required value={time} onChange={(event) => setTime(event.target.value)} />
        </label>
        <label className="stacked">
          {words.golfers.hostPlaces}
          <select value={places} onChange={(event) => setPlaces(Number(event.target.value))}>
            {[1, 2, 3].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={needsApproval} onChange={(event) => setApproval(event.target.checked)} />
          {words.golfers.hostApproval}
        </label>
        <label className="stacked">
          {words.golfers.hostNotes}
          <textarea rows={2} value={notes} onChange={(event) => setNotes(event.target.value)} />
        </label>
        <RefusalNote where="host" />
        <button type="submit" className="primary" disabled={pending.has("host")}>
          {words.golfers.hostOne}
        </button>
      </form>
    </details>
  );
}
