import EditorWorker from "monaco-editor/esm/vs/editor/editor.worker.js?worker";
import JsonWorker from "monaco-editor/esm/vs/language/json/json.worker.js?worker";
import GraphQLWorker from "monaco-graphql/esm/graphql.worker.js?worker";

// Monaco asks for its workers through this global; given as files of our own they need no blob: address.
self.MonacoEnvironment = {
  getWorker(_id, label) {
    if (label === "graphql") return new GraphQLWorker();
    return label === "json" ? new JsonWorker() : new EditorWorker();
  },
};
