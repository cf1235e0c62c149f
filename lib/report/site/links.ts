import type { ArtifactId } from '../../contracts/artifact';
import { html, type Html } from '../html';

/** Where a file of an artifact is on the site. @param sha256 - of the file: browsers need not ask for it again then */
export function filePath({ kind, key }: ArtifactId, name: string, sha256?: string): string {
  const path = `/artifacts/${kind}/${key}/${encodeURIComponent(name)}`;
  return sha256 === undefined ? path : `${path}?sha256=${sha256}`;
}

export function modelPath(name: string): string {
  return `/models/${encodeURIComponent(name)}`;
}

/** The two pages that a run leaves. */
export function reportLinks(report: ArtifactId): Html {
  return html`<a href="${filePath(report, 'report.html')}">Report</a
    ><a href="${filePath(report, 'exploration.html')}">Data</a>`;
}

export function submissionLink(submission: ArtifactId): Html {
  return html`<a href="${filePath(submission, 'submission.zip')}">submission.zip</a>`;
}
