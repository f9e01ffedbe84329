# The command line as a container image: its files are the program, the libraries that it needs, and what
# docs/containers.md lists. The base is used to build only.
#
#   docker build -f deploy/docker/cli.Dockerfile -t fanion-cli:0.1.0 .
ARG BASE=debian:12-slim

FROM ${BASE} AS build
WORKDIR /src
COPY deploy/install-packages deploy/install-packages
RUN deploy/install-packages build
COPY . .
RUN cmake --preset release -DFANION_TESTS=OFF \
    && cmake --build --preset release --target fanion \
    && deploy/images/stage cli build/release /staging

FROM ${BASE} AS root
WORKDIR /src
COPY deploy/install-packages deploy/install-packages
RUN deploy/install-packages libraries
COPY deploy/images/make-root deploy/images/make-root
COPY --from=build /staging /staging
# fanion backup and fanion restore call these.
RUN deploy/images/make-root /staging /image \
    /usr/lib/postgresql/15/bin/pg_dump /usr/lib/postgresql/15/bin/pg_restore /usr/lib/postgresql/15/bin/psql

FROM scratch
COPY --from=root /image/ /
LABEL org.opencontainers.image.title="fanion-cli" \
      org.opencontainers.image.description="Fanion command line: manages, evaluates and checks flags" \
      org.opencontainers.image.licenses="Apache-2.0"
# Where it keeps sessions: mount a volume there to stay signed in.
ENV XDG_CONFIG_HOME=/var/lib/fanion
USER 65532:65532
VOLUME /var/lib/fanion
ENTRYPOINT ["/usr/bin/fanion"]
CMD ["--help"]
