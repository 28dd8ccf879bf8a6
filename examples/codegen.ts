import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../schema.graphql",
  documents: ["shared/*.ts", "typescript/*.ts", "apollo/*.ts", "urql/*.ts"],
  generates: {
    "gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false, persistedDocuments: true },
      config: {
        scalars: { DateTime: "string", Date: "string", Time: "string", PriceClass: "string" },
        strictScalars: true,
        emitLegacyCommonJSImports: false,
        useTypeImports: true,
      },
    },
  },
};

export default config;
