using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>One file of those that a process maps.</summary>
/// <param name="Path">
/// As the process sees it, without the kernel's <c> (deleted)</c>; a newline stands as <c>\012</c>, what is no UTF-8 is replaced.
/// </param>
/// <param name="Bytes">What its mappings take together.</param>
/// <param name="IsDeleted">No longer on disk under that name.</param>
/// <param name="Identity">Which file, as smaps shows it.</param>
internal readonly record struct MappedFile(string Path, FileBytes Bytes, bool IsDeleted, FileIdentity Identity);

/// <summary>A file that is mapped and no longer on disk under its name: replaced or removed.</summary>
/// <param name="Identity">Which file.</param>
/// <param name="Path">The name it had.</param>
/// <param name="IsProgram">Mapped to be executed: a binary or a library.</param>
internal readonly record struct DeletedFile(FileIdentity Identity, string Path, bool IsProgram);
