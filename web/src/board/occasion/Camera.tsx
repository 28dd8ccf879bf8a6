import { useEffect, useRef, useState } from "react";

import { useWords } from "../language";

interface Detector {
  detect: (video: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;
const LOOK_MS = 250;
/** The same code is not sent again while it is still held there. */
const SAME_MS = 5_000;

/** By the browser where it can (Chrome on Android and macOS), elsewhere by a program that is loaded for it. */
async function reader(): Promise<Detector> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  return new (own ?? ((await import("qr/decode.js")).BarcodeDetector as DetectorClass))({ formats: ["qr_code"] });
}

/** Read codes by the camera. */
export function Camera({ read }: { read: (code: string) => void }) {
  const words = useWords();
  const [isOn, setOn] = useState(false);
  const [problem, setProblem] = useState("");
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    if (!isOn) return;
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    let last = { code: "", at: 0 };
    const look = async (detector: Detector) => {
      const [code] = video.current ? await detector.detect(video.current).catch(() => []) : [];
      if (code && (code.rawValue !== last.code || Date.now() - last.at > SAME_MS)) {
        last = { code: code.rawValue, at: Date.now() };
        latest.current(code.rawValue);
      }
      if (!ended) timer = setTimeout(() => void look(detector), LOOK_MS);
    };
    const begin = async () => {
      const detector = await reader();
      const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      stream = opened;
      if (ended || !video.current) return opened.getTracks().forEach((track) => track.stop());
      video.current.srcObject = opened;
      await video.current.play().catch(() => {});
      return look(detector);
    };
    setProblem("");
    begin().catch(() => {
      setProblem(words.party.cameraRefused);
      setOn(false);
    });
    return () => {
      ended = true;
      clearTimeout(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [isOn, words]);
  if (!navigator.mediaDevices) return <p className="quiet">{words.party.cameraNone}</p>;
  return (
    <div className="camera">
      <button type="button" aria-pressed={isOn} onClick={() => setOn(!isOn)}>
        {isOn ? words.party.cameraStop : words.party.camera}
      </button>
      {problem && (
        <p className="refusal" role="alert">
          {problem}
        </p>
      )}
      {isOn && <video ref={video} muted playsInline aria-label={words.party.cameraLook} />}
    </div>
  );
}
