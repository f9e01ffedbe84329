# Stands for images that deploy/compose names and that cannot be had here: the same programs from Debian's packages.
ARG BASE=debian:12-slim
FROM ${BASE} AS packages
RUN apt-get update -qq && mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15 prometheus python3 wget >/dev/null

FROM packages AS postgres
ENV PATH=/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin PGDATA=/var/lib/postgresql/data
COPY postgres-entrypoint /usr/local/bin/postgres-entrypoint
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["/usr/local/bin/postgres-entrypoint"]

FROM packages AS prometheus
RUN mkdir -p /prometheus && chown 65534 /prometheus
USER 65534
ENTRYPOINT ["/usr/bin/prometheus"]

FROM packages AS python

FROM packages AS grafana
ENTRYPOINT ["/bin/sleep", "infinity"]
