import Catalog
import HTTPTypes
import Hummingbird
import NIOCore

/// What those ask who keep the server running: whether it lives, and how it is doing.
struct OperationRoutes: Sendable {
    private let dataset: ServedDataset
    private let metrics: ServerMetrics

    init(_ dataset: ServedDataset, _ metrics: ServerMetrics) {
        self.dataset = dataset
        self.metrics = metrics
    }

    func add(to router: some RouterMethods<ServeContext>) {
        router.get("/healthz") { _, _ in
            // An answer without the catalog would be no sign of health.
            _ = try dataset.version()
            return Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: "ok\n")))
        }
        router.get("/metrics") { _, _ in
            let stored = try await dataset.read { try $0.storedBytes() }
            let text = metrics.text(more: [
                ("weir_snapshots", "Snapshots in the dataset.", stored.snapshots),
                ("weir_stored_bytes", "Bytes of contents in the dataset.", stored.bytes),
            ])
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: text)))
        }
    }
}
