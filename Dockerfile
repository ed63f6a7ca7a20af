# The agent alone on a base without shell and package manager.
#   podman build --format docker --build-arg REVISION=$(git rev-parse HEAD) -t localhost/mapagent:0.1.0 .
# How to run it, with which rights, and how to pin the bases by digest: docs/container.md.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble-aot AS build
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The -aot images bring clang and zlib; on any other SDK image they are installed.
RUN if ! command -v clang >/dev/null || ! [ -e /usr/include/zlib.h ]; then \
      apt-get update && apt-get install -y --no-install-recommends clang zlib1g-dev && rm -rf /var/lib/apt/lists/*; \
    fi

WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/MapAgent/MapAgent.csproj src/MapAgent/
RUN dotnet restore src/MapAgent --use-current-runtime
COPY src src

ARG REVISION=unknown
# Analyzers judge the code in the tests; here they would only take time.
RUN dotnet publish src/MapAgent -c Release --no-restore --use-current-runtime -o /out -p:SourceRevisionId=$REVISION -p:RunAnalyzers=false

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="MapAgent" \
      org.opencontainers.image.description="What is mapped into memory on a node: PSS, USS, shared memory, major faults." \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled"

# The program and nothing else: no debug symbols, no settings of a developer.
COPY --from=build /out/mapagent /usr/bin/mapagent

# The base announces 8080 to ASP.NET Core. The agent listens where MAPAGENT_WEB_LISTEN_ADDRESS says, on loopback when nobody says.
# Give what all commands in the container must know as variables, MAPAGENT_PATH_PROCFS too: an exec gets no arguments of the agent's.
ENV ASPNETCORE_HTTP_PORTS=
EXPOSE 19256

# Numeric, so that runAsNonRoot can be judged. Measuring other users' processes wants more: docs/container.md.
USER 1654:1654
ENTRYPOINT ["/usr/bin/mapagent"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/usr/bin/mapagent", "healthcheck"]
