using System;
using System.Collections.Generic;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Linq;
using MapAgent.Procfs;
using MapAgent.Shm;
using Xunit;

namespace MapAgent.Tests.Shm;

/// <summary>Who uses what, by the maps and descriptors of the test process itself.</summary>
[Collection("dev shm")]
public sealed class ReferenceRoundTests : IDisposable
{
    private readonly ShmFolder _folder = new();
    private readonly ProcReader _reader = new(ProcRoot.Default);
    private readonly ShmMount _mount;
    private readonly Listing _listing = new();

    public ReferenceRoundTests()
    {
        Assert.Equal(ReadOutcome.Ok, _folder.Open("/dev/shm", out MountHandle handle));
        using (handle)
        {
            _mount = new ShmMount(new ShmIdentity(handle.Device, 0), "/dev/shm"u8.ToArray(), true, Lookup.Local);
            _mount.Points.Add(new MountEntry { Id = 1, Parent = 0, Device = handle.Device, Root = "/"u8.ToArray(), Point = "/dev/shm"u8.ToArray(), Type = "tmpfs" });
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        _reader.Dispose();
    }

    [Fact]
    public void A_mapping_and_a_descriptor_make_a_user_and_a_closed_file_has_none()
    {
        string mapped = _folder.Write("mapped", 8192);
        string open = _folder.Write("open", 4096);
        _folder.Write("left", 4096);
        using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(mapped);
        using MemoryMappedViewAccessor view = map.CreateViewAccessor();
        using FileStream stream = File.OpenRead(open);
        ReferenceRound round = Look();
        Dictionary<ulong, List<int>> users = round.Users(_mount.Identity.Device)!;
        Assert.Equal([Environment.ProcessId], users[Inode("mapped")]);
        Assert.Equal([Environment.ProcessId], users[Inode("open")]);
        Assert.False(users.ContainsKey(Inode("left")));
        Assert.Empty(round.Opaque);
        Assert.Null(round.Users(new Device(0, 99_999)));
    }

    [Fact]
    public void Memory_without_a_mount_is_counted_once_with_its_allocated_bytes()
    {
        long before = Look().Objects.Total() ?? 0;
        // .NET makes these with memfd_create.
        using MemoryMappedFile map = MemoryMappedFile.CreateNew(null, 1 << 20);
        using MemoryMappedViewAccessor view = map.CreateViewAccessor();
        for (int i = 0; i < 1 << 19; i += 4096)
        {
            view.Write(i, 1);
        }

        ReferenceRound round = Look(times: 2);
        // The runtime of the tests maps its code twice by way of a memfd, which grows meanwhile.
        Assert.InRange(round.Objects.Total()!.Value - before, 1 << 19, (1 << 19) + (1 << 20));
    }

    [Fact]
    public void A_process_that_is_gone_is_no_reason_to_know_less()
    {
        ReferenceRound round = new(_reader);
        round.Begin([_mount]);
        round.Look(new ShmMember(new ProcessId(int.MaxValue, 1)) { MountNamespace = 5 });
        Assert.Empty(round.Opaque);
        Assert.Equal(0, round.HiddenBytes);
    }

    [Fact]
    public void A_process_that_lets_nobody_look_makes_its_namespace_opaque()
    {
        _folder.Tree.With(ShmFolder.Pid, "maps", "this is no mapping and has no end");
        ReferenceRound round = new(_folder.Reader);
        round.Begin([_mount]);
        round.Look(new ShmMember(new ProcessId(ShmFolder.Pid, 1)) { MountNamespace = 100 });
        Assert.Equal([100UL], round.Opaque);
    }

    [Fact]
    public void Descriptors_of_other_places_are_not_followed()
    {
        string elsewhere = Path.GetTempFileName();
        try
        {
            _folder.Tree.WithLink(ShmFolder.Pid, "fd/3", elsewhere).WithLink(ShmFolder.Pid, "fd/4", _folder.Write("held", 4096))
                .WithLink(ShmFolder.Pid, "fd/5", "socket:[123]").WithLink(ShmFolder.Pid, "fd/6", "/dev/shmother");
            ReferenceRound round = new(_folder.Reader);
            round.Begin([_mount]);
            round.Look(new ShmMember(new ProcessId(ShmFolder.Pid, 1)) { MountNamespace = 100 });
            List();
            Assert.Equal([Inode("held")], round.Users(_mount.Identity.Device)!.Keys);
        }
        finally
        {
            File.Delete(elsewhere);
        }
    }

    private ReferenceRound Look(int times = 1)
    {
        ReferenceRound round = new(_reader);
        round.Begin([_mount]);
        for (int i = 0; i < times; i++)
        {
            round.Look(new ShmMember(new ProcessId(Environment.ProcessId, 1)) { MountNamespace = 100 });
        }

        List();
        return round;
    }

    private void List()
    {
        Assert.Equal(ReadOutcome.Ok, _folder.Open(_folder.Path, out MountHandle handle));
        using (handle)
        {
            _listing.Read(handle, new SegmentFamilies([]), 1000, TimeSpan.FromMinutes(1));
        }
    }

    private ulong Inode(string name) => _listing.Segments.Single(segment => segment.Name == name).Inode;
}
