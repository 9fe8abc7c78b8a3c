import { useState } from "react";
import { type FileWithPath, useDropzone } from "react-dropzone";
import { visible } from "../ui/text.tsx";
import type { NamedFile } from "./messages.ts";

/** Most files that are taken: a run of that many segments is for the command line. */
const MAX_FILES = 20_000;

/** The path below what was given: of a chooser, or as react-dropzone notes it for a drop. */
function pathOf(file: File): string {
  const { relativePath, path } = file as Partial<FileWithPath>;
  return file.webkitRelativePath || relativePath || path || file.name;
}

/** Takes a folder that is dropped, or chosen by mouse or keys. */
export function FileDrop({ onFiles }: { onFiles: (files: NamedFile[]) => void }) {
  const [problem, setProblem] = useState<string>();
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    noClick: true,
    noKeyboard: true,
    useFsAccessApi: false,
    onDrop: (accepted: File[]) => {
      if (accepted.length === 0) return setProblem("There were no files in it.");
      if (accepted.length > MAX_FILES)
        return setProblem(
          `More than ${MAX_FILES} files are too many for a tab: use trainproof verify.`,
        );
      setProblem(undefined);
      onFiles(accepted.map((file) => ({ path: pathOf(file), file })));
    },
    onError: (error) => setProblem(`The files cannot be read: ${visible(error.message)}`),
  });
  return (
    <div {...getRootProps({ className: isDragActive ? "drop over" : "drop" })}>
      <input {...getInputProps({ "aria-label": "Run folder", ...{ webkitdirectory: "" } })} />
      <p>
        <strong>Drop a run’s folder here</strong>, or its public folder.
      </p>
      <button type="button" onClick={open}>
        Choose a folder
      </button>
      <p className="quiet">
        The files stay in this tab. Of a whole run folder only the public part is opened.
      </p>
      {problem !== undefined && <p role="alert">{problem}</p>}
    </div>
  );
}
