import type { Environment } from "monaco-editor";

declare global {
  var MonacoEnvironment: Environment | undefined;
}
