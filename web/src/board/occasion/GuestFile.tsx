import { mutate, Refused } from "@fairway/live";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { FileTrigger } from "react-aria-components/FileTrigger";

import { RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";
import { useSession } from "../session";
import { faultInSpanish } from "./faults-es";

interface Report {
  added: number;
  updated: number;
  skipped: number;
  householdsAdded: number;
  badRows: { line: number; column: string | null; reason: string; fault: string | null; faultValues: string[] }[];
}

const REPORT = "report { added updated skipped householdsAdded badRows { line column reason fault faultValues } } problems { ... on InvalidInput { fault faultValues } }";
type WrongFile = { code: string; message: string; fault?: string | null; faultValues?: string[] };
const CSV = "query Csv($id: ID!) { guestsCsv(occasionId: $id) }";
const DUPLICATES = ["REFUSE", "SKIP", "UPDATE"] as const;
type Duplicates = (typeof DUPLICATES)[number];

/** The guest list as a file: looked at before it is taken in, and given out as it can be taken in again. */
export default function GuestFile({ occasionId }: { occasionId: string }) {
  const { words, language } = useLanguage();
  const { line } = useSession();
  const { act, pending } = useActs();
  const [csv, setCsv] = useState<string | null>(null);
  const [duplicates, setDuplicates] = useState<Duplicates>("REFUSE");
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState("");
  const where = `import ${occasionId}`;
  const inWords = language === "es" ? faultInSpanish : () => undefined;
  const look = async (text: string, how: Duplicates) => {
    setCsv(text);
    setDuplicates(how);
    setReport(null);
    setProblem("");
    try {
      const payload = await mutate(line, { mutation: "importGuests", input: { occasionId, csv: text, duplicates: how }, result: REPORT });
      const [refused] = payload.problems as WrongFile[];
      if (refused) setProblem(inWords(refused.fault ?? null, refused.faultValues ?? []) ?? words.refusals[refused.code] ?? refused.message);
      setReport((payload["report"] as Report | null) ?? null);
    } catch (cause) {
      setProblem(cause instanceof Refused ? (words.refusals[cause.code] ?? cause.message) : words.unreachable);
    }
  };
  const take = async () => {
    if (!csv || !report) return;
    const done = words.party.imported(report.added, report.updated);
    if (!(await act({ mutation: "importGuests", input: { occasionId, csv, duplicates, apply: true }, done }, where))) return;
    setCsv(null);
    setReport(null);
  };
  const save = async () => {
    setProblem("");
    try {
      const { guestsCsv } = await line.ask<{ guestsCsv: string }>(CSV, { id: occasionId });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([guestsCsv], { type: "text/csv" }));
      link.download = words.party.fileName;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch {
      setProblem(words.unreachable);
    }
  };
  const isGood = report !== null && report.badRows.length === 0;
  return (
    <section className="card" aria-label={words.party.file}>
      <h3>{words.party.file}</h3>
      <p className="quiet">{words.party.fileHint}</p>
      <div className="tools">
        <FileTrigger acceptedFileTypes={[".csv", "text/csv"]} onSelect={(files) => void files?.[0]?.text().then((text) => look(text, duplicates))}>
          <Button>{words.party.importFile}</Button>
        </FileTrigger>
        <button type="button" onClick={() => void save()}>
          {words.party.saveFile}
        </button>
      </div>
      {csv !== null && (
        <label className="field">
          {words.party.duplicates}
          <select value={duplicates} onChange={(event) => void look(csv, event.target.value as Duplicates)}>
            {DUPLICATES.map((one) => (
              <option key={one} value={one}>
                {words.party.duplicatesAre[one]}
              </option>
            ))}
          </select>
        </label>
      )}
      {problem && (
        <p className="refusal" role="alert">
          {problem}
        </p>
      )}
      {report && (
        <div role="status">
          <p>{words.party.wouldImport(report.added, report.updated, report.skipped, report.householdsAdded)}</p>
          <ul className="bad-rows">
            {report.badRows.map(({ line: row, column, reason, fault, faultValues }, index) => (
              <li key={`${row} ${index}`}>{words.party.badRow(row, column, inWords(fault, faultValues) ?? reason)}</li>
            ))}
          </ul>
          <button type="button" className="primary" disabled={!isGood || pending.has(where)} onClick={() => void take()}>
            {words.party.takeIn}
          </button>
        </div>
      )}
      <RefusalNote where={where} />
    </section>
  );
}
