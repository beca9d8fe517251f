/** A version of PostgreSQL as RDS counts it. */
export interface EngineVersion {
  /** As AWS writes it: `16.4`, `16.6-limitless`. */
  readonly text: string;
  /** 16; 9 for 9.6. */
  readonly major: number;
  /** Null where only the major version is known. */
  readonly minor: number | null;
  /** What AWS calls the major version: `16`, `9.6`. */
  readonly majorName: string;
}

/** Reads `16.4`, `16.6-limitless`, `9.6.24`; null where it is no version. */
export function readEngineVersion(text: string | undefined): EngineVersion | null {
  const [, major, minor] = /^(\d{1,4})(?:\.(\d{1,6}))?/.exec(text ?? '') ?? [];
  if (text === undefined || major === undefined) return null;
  return {
    text,
    major: Number(major),
    minor: minor === undefined ? null : Number(minor),
    majorName: Number(major) < 10 && minor !== undefined ? `${major}.${minor}` : major,
  };
}

/** Reads the major version at the end of a family: `aurora-postgresql16`, `postgres9.6`. */
export function versionOfFamily(family: string | undefined): EngineVersion | null {
  const [, version] = /^[a-z-]{1,30}?(\d{1,4}(?:\.\d{1,4})?)$/.exec(family ?? '') ?? [];
  return readEngineVersion(version);
}

/** Whether the version is `major.minor` or later; null where the minor version decides and is not known. */
export function isAtLeast(version: EngineVersion, major: number, minor = 0): boolean | null {
  if (version.major !== major) return version.major > major;
  if (minor === 0) return true;
  return version.minor === null ? null : version.minor >= minor;
}
