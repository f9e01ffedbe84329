# The relay as a container image: its files are the program, the libraries that it needs, and what
# docs/containers.md lists. The base is used to build only.
#
#   docker build -f deploy/docker/relay.Dockerfile -t fanion-relay:0.1.0 .
ARG BASE=debian:12-slim

FROM ${BASE} AS build
WORKDIR /src
COPY deploy/install-packages deploy/install-packages
RUN deploy/install-packages build
COPY . .
RUN cmake --preset release -DFANION_TESTS=OFF \
    && cmake --build --preset release --target fanion-relay \
    && deploy/images/stage relay build/release /staging

FROM ${BASE} AS root
WORKDIR /src
COPY deploy/install-packages deploy/install-packages
RUN deploy/install-packages libraries
COPY deploy/images/make-root deploy/images/make-root
COPY --from=build /staging /staging
RUN deploy/images/make-root /staging /image

FROM scratch
COPY --from=root /image/ /
LABEL org.opencontainers.image.title="fanion-relay" \
      org.opencontainers.image.description="Fanion relay: evaluates flags next to the applications" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV FANION_LISTEN=0.0.0.0:8080 \
    FANION_OPERATORS_LISTEN=0.0.0.0:9090 \
    FANION_CACHE_DIR=/var/lib/fanion/relay
USER 65532:65532
VOLUME /var/lib/fanion
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["/usr/bin/fanion-relay", "healthcheck"]
ENTRYPOINT ["/usr/bin/fanion-relay"]
