namespace MapAgent.Identity;

/// <summary>One text of the file <c>cgroup</c> and what it means; all processes that show it share it.</summary>
internal sealed class KnownCgroup(CgroupFacts facts)
{
    /// <summary>Of processes whose file could not be read.</summary>
    public static readonly KnownCgroup Unread = new(CgroupFacts.None);

    /// <summary>Whose its processes are. Another object as soon as more is known.</summary>
    public ProcessIdentity Identity { get; private set; } = new(facts);

    /// <summary>Number of the pass that met it first.</summary>
    public long NewInPass { get; init; }

    /// <summary>Number of the pass that saw a process in it last.</summary>
    public long SeenInPass { get; set; }

    /// <summary>Takes the names that are known now.</summary>
    public void Resolve(KnownNames names)
    {
        ProcessIdentity identity = names.Of(Identity.Cgroup);
        Identity = identity == Identity ? Identity : identity;
    }
}
