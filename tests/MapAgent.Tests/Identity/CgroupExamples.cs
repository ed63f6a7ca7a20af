using System.Collections.Generic;
using MapAgent.Identity;

namespace MapAgent.Tests.Identity;

/// <summary>Paths as engines, kubelets and systemd make them.</summary>
internal static class CgroupExamples
{
    public const string Id = "3f2a6c1d9e8b7a605f4e3d2c1b0a99887766554433221100ffeeddccbbaa0011";
    public const string OtherId = "aa2a6c1d9e8b7a605f4e3d2c1b0a99887766554433221100ffeeddccbbaa00bb";
    public const string Uid = "4b6cb9e1-1c2d-4e5f-8a9b-0c1d2e3f4a5b";
    public const string StaticUid = "8f1b2c3d4e5f60718293a4b5c6d7e8f9";
    private const string SystemdUid = "4b6cb9e1_1c2d_4e5f_8a9b_0c1d2e3f4a5b";
    private const string Burstable = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + SystemdUid + ".slice";

    public static IReadOnlyList<(string Path, CgroupFacts Facts)> All { get; } =
    [
        ("/", Facts()),
        ("/init.scope", Facts(unit: "init.scope")),
        ("/system.slice", Facts()),
        ("/system.slice/ssh.service", Facts(unit: "ssh.service")),
        ("/system.slice/system-postgresql.slice/postgresql@15-main.service", Facts(unit: "postgresql@15-main.service")),
        ("/system.slice/dev-disk-by\\x2dlabel-swap.swap", Facts(unit: "dev-disk-by\\x2dlabel-swap.swap")),
        ("/system.slice/_cpu.service", Facts(unit: "cpu.service")),
        ("/system.slice/ssh.service (deleted)", Facts(unit: "ssh.service")),
        ("/mapagent-test/system.slice/leak.service", Facts(unit: "leak.service")),
        ("/user.slice/user-1000.slice/session-4.scope", Facts(unit: "session-4.scope")),
        ("/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox.scope", Facts(unit: "user@1000.service", userUnit: "app-firefox.scope")),
        ("/user.slice/user-1000.slice/user@1000.service/init.scope", Facts(unit: "user@1000.service", userUnit: "init.scope")),
        ($"/docker/{Id}", Facts(id: Id, runtime: "docker")),
        ($"/system.slice/docker-{Id}.scope", Facts(id: Id, runtime: "docker", unit: $"docker-{Id}.scope")),
        ($"/system.slice/docker-{Id}.scope/init", Facts(id: Id, runtime: "docker", unit: $"docker-{Id}.scope")),
        ($"/system.slice/docker-{Id}.scope/system.slice/nginx.service", Facts(id: Id, runtime: "docker", unit: "nginx.service")),
        ($"/kubepods/burstable/pod{Uid}/{Id}", Facts(id: Id, uid: Uid, qos: QosClass.Burstable)),
        ($"/kubepods/besteffort/pod{Uid}/{Id}", Facts(id: Id, uid: Uid, qos: QosClass.BestEffort)),
        ($"/kubepods/pod{Uid}/{Id}", Facts(id: Id, uid: Uid, qos: QosClass.Guaranteed)),
        ($"{Burstable}/cri-containerd-{Id}.scope",
            Facts(id: Id, runtime: "containerd", uid: Uid, qos: QosClass.Burstable, unit: $"cri-containerd-{Id}.scope")),
        ($"/kubepods.slice/kubepods-pod{SystemdUid}.slice/cri-containerd-{Id}.scope",
            Facts(id: Id, runtime: "containerd", uid: Uid, qos: QosClass.Guaranteed, unit: $"cri-containerd-{Id}.scope")),
        ($"{Burstable}/crio-{Id}.scope", Facts(id: Id, runtime: "cri-o", uid: Uid, qos: QosClass.Burstable, unit: $"crio-{Id}.scope")),
        ($"{Burstable}/crio-{Id}.scope/container", Facts(id: Id, runtime: "cri-o", uid: Uid, qos: QosClass.Burstable, unit: $"crio-{Id}.scope")),
        ($"/kubepods/burstable/pod{Uid}/crio-{Id}", Facts(id: Id, runtime: "cri-o", uid: Uid, qos: QosClass.Burstable)),
        ($"{Burstable}/crio-conmon-{Id}.scope", Facts(uid: Uid, qos: QosClass.Burstable, unit: $"crio-conmon-{Id}.scope")),
        ($"{Burstable}/docker-{Id}.scope", Facts(id: Id, runtime: "docker", uid: Uid, qos: QosClass.Burstable, unit: $"docker-{Id}.scope")),
        ($"/machine.slice/libpod-{Id}.scope/container", Facts(id: Id, runtime: "podman", unit: $"libpod-{Id}.scope")),
        ($"/machine.slice/libpod-conmon-{Id}.scope", Facts(unit: $"libpod-conmon-{Id}.scope")),
        ($"/machine.slice/machine-libpod_pod_{OtherId}.slice/libpod-{Id}.scope", Facts(id: Id, runtime: "podman", unit: $"libpod-{Id}.scope")),
        ($"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{Id}.scope",
            Facts(id: Id, runtime: "podman", unit: "user@1000.service", userUnit: $"libpod-{Id}.scope")),
        ($"/libpod_parent/libpod-{Id}", Facts(id: Id, runtime: "podman")),
        ($"/system.slice/containerd.service/kubepods-besteffort-pod{SystemdUid}.slice:cri-containerd:{Id}",
            Facts(id: Id, runtime: "containerd", uid: Uid, qos: QosClass.BestEffort, unit: "containerd.service")),
        ($"/ecs/{StaticUid}/{StaticUid}-1234567890", Facts(id: $"{StaticUid}-1234567890")),
        ($"/ecs/task-name/{Id}", Facts(id: Id)),
        ($"/docker/{OtherId}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod{SystemdUid}.slice/cri-containerd-{Id}.scope",
            Facts(id: Id, runtime: "containerd", uid: Uid, qos: QosClass.Burstable, unit: $"cri-containerd-{Id}.scope")),
        ($"/docker/{OtherId}/kubepods/besteffort/pod{Uid}/{Id}", Facts(id: Id, uid: Uid, qos: QosClass.BestEffort)),
        ($"/docker/{OtherId}/system.slice/containerd.service", Facts(id: OtherId, runtime: "docker", unit: "containerd.service")),
        ($"/kubepods/burstable/pod{StaticUid}/{Id}", Facts(id: Id, uid: StaticUid, qos: QosClass.Burstable)),
        ($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{StaticUid}.slice/cri-containerd-{Id}.scope",
            Facts(id: Id, runtime: "containerd", uid: StaticUid, qos: QosClass.Burstable, unit: $"cri-containerd-{Id}.scope")),
        ($"/default/{Id}", Facts(id: Id)),
        ($"/system.slice/nerdctl-{Id}.scope", Facts(id: Id, runtime: "nerdctl", unit: $"nerdctl-{Id}.scope")),
        ($"/../../kubepods-burstable.slice/kubepods-burstable-pod{SystemdUid}.slice/cri-containerd-{Id}.scope",
            Facts(id: Id, runtime: "containerd", uid: Uid, qos: QosClass.Burstable, unit: $"cri-containerd-{Id}.scope")),
        ($"/../../../besteffort/pod{Uid}/{Id}", Facts(id: Id, uid: Uid)),
        ($"/../{Id}", Facts(id: Id)),
        ($"/../cri-containerd-{Id}.scope", Facts(id: Id, runtime: "containerd", unit: $"cri-containerd-{Id}.scope")),
        ("/../..", Facts()),
        ("/myapp", Facts(known: false)),
        ("/lxc.payload.web", Facts(known: false)),
        ($"/docker/{Id}0", Facts(known: false)),
        ($"/docker/{Id[1..]}", Facts(known: false)),
        ($"/docker/{Id.ToUpperInvariant()}", Facts(known: false)),
    ];

    private static CgroupFacts Facts(
        string? id = null, string? runtime = null, string? uid = null, QosClass qos = QosClass.None, string? unit = null, string? userUnit = null, bool known = true) => new()
        {
            ContainerId = id,
            Runtime = runtime,
            PodUid = uid,
            Qos = qos,
            Unit = unit,
            UserUnit = userUnit,
            IsKnownForm = known,
        };
}
