import { type ReactNode, useEffect, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { provider } from "../shared/provider";
import { home } from "./focus";
import { SignInAgain } from "./ProvidedSignIn";

/** What asks for something before anything else goes on: over the page, in its middle, closed by Escape. */
export function Window({ title, isOpen = true, close, children }: { title: ReactNode; isOpen?: boolean; close: () => void; children: ReactNode }) {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={close} isDismissable className="overlay">
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {provider && <SignInAgain provider={provider} />}
          {children}
          <Return />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Who closes a window is where they were before it; where that is no more, at the place of the sheet they were at. */
function Return() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // What floats gives the focus back by itself, but not always: so this looks once that had its turn.
      setTimeout(() => {
        if (document.activeElement !== document.body) return;
        const place = before?.isConnected && before !== document.body ? before : home();
        if (place instanceof HTMLElement) place.focus();
      }, TURN_MS);
    },
    [before],
  );
  return null;
}

const TURN_MS = 50;
