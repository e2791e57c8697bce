/** What the hosted page is and who may hold it. */
export interface HostedPage {
  /** Origins of the pages that may hold it. */
  readonly parents: readonly string[];
  /** Attributes of its `<help-desk>`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Where it is; `/` by default, and with a slash at its end. */
  readonly path?: string;
  /** The folder of the script tag's files; that of the installed package by default. */
  readonly files?: URL;
}

/** Answers requests for the hosted page and its files; `undefined` for all others. */
export function hostedPage(options: HostedPage): (request: Request) => Promise<Response | undefined>;
