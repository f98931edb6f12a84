// Starts `orderloom lsp` and lets the editor speak with it; all the rest is the server's.
const { commands, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const FILES = "**/{orderloom.yaml,processes/**/*.{yaml,yml},rules/**/*.{yaml,yml},scenarios/**/*.{yaml,yml}}";

let client;

function start() {
  const [command, ...args] = workspace.getConfiguration("orderloom").get("command");
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  client = new LanguageClient(
    "orderloom",
    "Orderloom",
    { command, args, options: { cwd: folder } },
    {
      documentSelector: [{ scheme: "file", language: "yaml", pattern: FILES }],
      synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.{yaml,yml,csv,xlsx}") },
    },
  );
  return client.start();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    commands.registerCommand("orderloom.restart", async () => {
      await client?.stop();
      await start();
    }),
  );
  await start();
};

exports.deactivate = () => client?.stop();
