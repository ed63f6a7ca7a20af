using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace MapAgent.SystemTests.Harness;

/// <summary>
/// A made-up node of Kubernetes as files: a procfs (<see cref="Procfs"/>, for <c>--path.procfs</c>) and the names of logs
/// (<see cref="Logs"/>, for <c>kubernetes.logs</c>). Pods and processes may be added while an agent runs.
/// </summary>
internal sealed class KubernetesNode : IDisposable
{
    // From the size of the address space, field 23, on.
    private const string Rest = "18446744073709551615 94000000000000 94000000500000 140700000000000 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 1 1 1 1 1 1 1 0\n";
    private readonly TemporaryFolder _folder = new();
    private int _next = 1000;
    private int _nextId = 1;

    /// <summary>A node with systemd, kubelet and containerd, and no pod.</summary>
    public KubernetesNode()
    {
        Directory.CreateDirectory(Procfs);
        foreach (string file in new[] { "vmstat", "meminfo", "stat", "uptime" })
        {
            File.Copy(Path.Combine(Repository.Fixture("proc"), file), Path.Combine(Procfs, file));
        }

        Process(1, "systemd", "/init.scope", 3000, 1, parent: 0);
        Process(700, "kubelet", "/system.slice/kubelet.service", 25_000, 2);
        Process(710, "containerd", "/system.slice/containerd.service", 15_000, 3);
    }

    /// <summary>The root of its procfs.</summary>
    public string Procfs => _folder.File("proc");

    /// <summary>What is /var/log there.</summary>
    public string Logs => _folder.File("log");

    /// <summary>
    /// Three pods as they are common: <c>prod/web-7d4b9c8f6d-x2x9k</c> with the containers app and proxy, <c>prod/db-0</c> with
    /// postgres, and the static pod <c>kube-system/etcd-node1</c>.
    /// </summary>
    public static KubernetesNode WithPods()
    {
        KubernetesNode node = new();
        node.AddPod("prod", "web-7d4b9c8f6d-x2x9k", "4b6cb9e1-1c2d-4e5f-8a9b-0c1d2e3f4a5b", "burstable", true, ("app", ["nginx", "nginx", "nginx"]), ("proxy", ["envoy"]));
        node.AddPod("prod", "db-0", "5c7dcaf2-1c2d-4e5f-8a9b-0c1d2e3f4a5b", null, true, ("postgres", ["postgres", "postgres", "postgres"]));
        node.AddPod("kube-system", "etcd-node1", "8f1b2c3d4e5f60718293a4b5c6d7e8f9", "burstable", true, ("etcd", ["etcd"]));
        return node;
    }

    /// <summary>Adds a pod under containerd and systemd, with the process that holds it.</summary>
    /// <param name="space">Its namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="uid">Its uid, or the hash of a static pod.</param>
    /// <param name="qos">burstable, besteffort, or null for guaranteed.</param>
    /// <param name="logged">Whether its logs are there.</param>
    /// <param name="containers">Names, and the comm of each process.</param>
    /// <returns>The id of each container.</returns>
    public string[] AddPod(string space, string pod, string uid, string? qos, bool logged, params (string Name, string[] Processes)[] containers)
    {
        string name = "kubepods" + (qos is null ? "" : "-" + qos);
        string slice = $"/kubepods.slice{(qos is null ? "" : $"/{name}.slice")}/{name}-pod{uid.Replace('-', '_')}.slice";
        Process(_next, "pause", $"{slice}/cri-containerd-{NextId()}.scope", 200, _next++, parent: 710);
        List<string> ids = [];
        foreach ((string container, string[] processes) in containers)
        {
            string id = NextId();
            ids.Add(id);
            // As on a real node, where the folder of the logs is made before the container.
            if (logged)
            {
                AddLogs(Logs, space, pod, uid, container, id);
            }

            foreach (string comm in processes)
            {
                Process(_next, comm, $"{slice}/cri-containerd-{id}.scope", 20_000, _next, parent: 710);
                File.WriteAllText(Path.Combine(Procfs, $"{_next}", "mountinfo"),
                    "900 800 0:50 / / rw - overlay overlay rw\n"
                    + $"901 900 8:1 /var/lib/kubelet/pods/{uid}/containers/{container}/0a1b2c3d /dev/termination-log rw - ext4 /dev/sda1 rw\n");
                _next++;
            }
        }

        return [.. ids];
    }

    /// <summary>Adds the names that the logs of a container have on a node.</summary>
    public static void AddLogs(string logs, string space, string pod, string uid, string container, string id)
    {
        Directory.CreateDirectory(Path.Combine(logs, "pods", $"{space}_{pod}_{uid}", container));
        Directory.CreateDirectory(Path.Combine(logs, "containers"));
        File.CreateSymbolicLink(Path.Combine(logs, "containers", $"{pod}_{space}_{container}-{id}.log"), $"/var/log/pods/{space}_{pod}_{uid}/{container}/0.log");
    }

    /// <summary>The list of pods as a kubelet gives it.</summary>
    public static string PodList(params (string Space, string Pod, string Uid, string Container, string Id)[] containers) =>
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[" + string.Join(',', containers.Select(static one =>
            $"{{\"metadata\":{{\"name\":\"{one.Pod}\",\"namespace\":\"{one.Space}\",\"uid\":\"{one.Uid}\"}},\"status\":{{\"containerStatuses\":"
            + $"[{{\"name\":\"{one.Container}\",\"containerID\":\"containerd://{one.Id}\"}}]}}}}")) + "]}";

    /// <summary>Adds a process.</summary>
    public void Process(int pid, string comm, string cgroup, long pages, int start, int parent = 1)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Procfs, pid.ToString(CultureInfo.InvariantCulture))).FullName;
        File.WriteAllText(Path.Combine(folder, "cgroup"), $"0::{cgroup}\n");
        File.WriteAllBytes(Path.Combine(folder, "cmdline"), Encoding.ASCII.GetBytes($"/usr/bin/{comm}\0"));
        File.WriteAllText(Path.Combine(folder, "status"), $"Name:\t{comm}\nUid:\t0\t0\t0\t0\nNSpid:\t{pid}\nCapEff:\t0000000000000000\n");
        File.WriteAllText(Path.Combine(folder, "smaps_rollup"), FormattableString.Invariant(
            $"00400000-7ffd00000000 ---p 00000000 00:00 0 [rollup]\nRss: {pages * 4} kB\nPss: {pages * 3} kB\nPss_Anon: {pages * 2} kB\nPss_File: {pages} kB\nPss_Shmem: 0 kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: {pages * 2} kB\nSwap: 0 kB\n"));
        // Last: what has a stat is a process.
        File.WriteAllText(Path.Combine(folder, "stat"), FormattableString.Invariant(
            $"{pid} ({comm}) S {parent} {pid} {pid} 0 -1 4194304 912 0 4 0 101 88 0 0 20 0 1 0 {1200 + start} {pages * 8192} {pages} {Rest}"));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private string NextId() => "3f2a6c1d9e8b7a605f4e3d2c1b0a99887766554433221100ffeeddcc" + (_nextId++).ToString("x8", CultureInfo.InvariantCulture);
}
