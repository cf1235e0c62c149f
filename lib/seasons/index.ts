export { isZippedPackage, PackageDescriptor } from './catalog/dataPackage';
export { loadCatalog, loadLastingCatalog, withAddresses, type CatalogOptions } from './catalog/catalog';
export { chooseSeasons, type SeasonChoice } from './catalog/choice';
export { LILA } from './catalog/lila';
export { metadataPaths, probeArchives, probeMetadata, probeSeason, type SeasonSources } from './mirrors/seasonSources';
export { probe, probeFiles, type ProbeOptions } from './mirrors/probe';
export { sourceVersions, urlAt, type MirrorCopy, type SourceFile } from './mirrors/source';
export { SourceFailure } from '../http/failures';
export { openTransport } from '../http/openTransport';
export { TRANSFER_POLICY, type TransferPolicy } from '../http/transport';
export {
  openArchivedFrames,
  openExtractedFrames,
  openLooseFrames,
  openPackedFrames,
  type FrameReader,
} from './frames/frames';
export { extractArchives, listArchives, FRAMES_FOLDER, type ArchivesInput } from './frames/unzip';
export type { ExtractOptions } from './frames/extraction';
export { ENTRIES_CSV, REJECTED_CSV, readEntriesCsv, writeEntriesCsv, type Extraction } from './frames/entriesCsv';
export { readDirectory, type Directory, type DirectoryOptions } from '../zip/directory';
export { openFileReader, type RangeReader } from '../zip/reader';
export { type Entry, type EntryTable, type RejectedEntry } from '../zip/table';
export { ZIP_LIMITS, type ZipLimits } from '../zip/limits';
export { downloadFile, type DownloadRequest } from './transfer/downloadFile';
export { downloadFiles, sendFiles, type FilesRequest, type FilesTransferred, type SendRequest } from './transfer/files';
export type { TransferOptions, Transferred } from './transfer/transfer';
export { catalogFromFolder } from './catalog/catalogFolder';
export { fetchFrames, type FetchFramesOptions, type FramesFetch, type FramesRequest } from './frames/fetchFrames';
export type { SourceOptions } from './mirrors/mirrorSource';
export { openRemoteReader, type RemoteReader } from './mirrors/remoteReader';
export { zipMembers, type ZipMember } from '../zip/members';
export { fetchLooseFrames, type LooseFramesRequest } from './frames/fetchLooseFrames';
export {
  areRanged,
  listRemoteArchives,
  openRemoteFrames,
  type RemoteArchives,
  type RemoteListing,
} from './frames/remoteFrames';
export { shrinkFrames } from './frames/shrinkFrames';
