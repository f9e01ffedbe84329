# The control plane as a container image: its files are the program, the libraries that it needs, and what
# docs/containers.md lists. The base is used to build only.
#
#   docker build -f deploy/docker/control-plane.Dockerfile -t fanion-control-plane:0.1.0 .
ARG BASE=debian:12-slim

FROM ${BASE} AS build
WORKDIR /src
COPY deploy/install-packages deploy/install-packages
RUN deploy/install-packages build
COPY . .
RUN cmake --preset release -DFANION_TESTS=OFF \
    && cmake --build --preset release --target fanion_control_plane_component \
    && deploy/images/stage control-plane build/release /staging

FROM ${BASE} AS root
WORKDIR /src
COPY deploy/install-packages deploy/install-packages
RUN deploy/install-packages libraries
COPY deploy/images/make-root deploy/images/make-root
COPY --from=build /staging /staging
RUN deploy/images/make-root /staging /image

FROM scratch
COPY --from=root /image/ /
LABEL org.opencontainers.image.title="fanion-control-plane" \
      org.opencontainers.image.description="Fanion control plane: stores flags in PostgreSQL, signs rulesets and sends them to relays" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV FANION_LISTEN=0.0.0.0:8081 \
    FANION_OPERATORS_LISTEN=0.0.0.0:9091
USER 65532:65532
VOLUME /var/lib/fanion
EXPOSE 8081 9091
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 CMD ["/usr/bin/fanion-control-plane", "healthcheck"]
ENTRYPOINT ["/usr/bin/fanion-control-plane"]
CMD ["serve"]
