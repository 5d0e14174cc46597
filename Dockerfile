# Antmill as one image: embedded SQLite, one writable volume, no rights, no network needed at run time.
#
#   docker build -t antmill .
#   docker run --read-only --cap-drop ALL --network host -v antmill:/var/lib/antmill antmill
#
# Without API keys Antmill listens on loopback only, hence the host's network: 127.0.0.1:8000.
# Arm: add --build-arg CPU=generic. Newer processors only: --build-arg CPU=x86-64-v3.

FROM python:3.13-slim AS build
COPY requirements.lock /src/
# The environment holds no pip; the image's own pip fills it, with nothing but the wheels of the lock.
RUN python -m venv --without-pip /opt/antmill \
 && pip --python /opt/antmill/bin/python install --no-cache-dir --only-binary :all: \
        --require-hashes -r /src/requirements.lock
COPY . /src
RUN pip --python /opt/antmill/bin/python install --no-cache-dir --no-deps --no-build-isolation /src

FROM python:3.13-slim
ARG CPU=x86-64-v2
# Compiled kernels are keyed to the processor, so they are compiled for a baseline one. Without the
# empty NUMBA_CPU_FEATURES Numba would still use (and key by) whatever the building machine has.
ENV PATH=/opt/antmill/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NUMBA_CPU_NAME=$CPU \
    NUMBA_CPU_FEATURES= \
    NUMBA_CACHE_DIR=/var/lib/antmill/kernels \
    TMPDIR=/var/lib/antmill
COPY --from=build /opt/antmill /opt/antmill
RUN useradd --system --uid 10001 --home-dir /var/lib/antmill --create-home antmill \
 && NUMBA_CACHE_DIR=/opt/kernels antmill warm-up \
 && chmod -R a+rX /opt/kernels
USER 10001
WORKDIR /var/lib/antmill
VOLUME /var/lib/antmill
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Numba reads a cache only where it may also write: the kernels of the image go to the volume once.
ENTRYPOINT ["/bin/sh", "-c", "cp -Rn /opt/kernels/. \"$NUMBA_CACHE_DIR\" && exec antmill \"$@\"", "antmill"]
CMD ["serve"]
