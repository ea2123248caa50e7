// swift-tools-version: 6.1
import PackageDescription

/// Settings every room is built with: the upcoming features the code is written against.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The import table of docs/architecture.md as code: a room names exactly what it may import.
let package = Package(
    name: "weir",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "weir", targets: ["weir"]),
        .library(name: "ModelPackage", targets: ["ModelPackage"]),
        .library(name: "Documents", targets: ["Documents"]),
        .library(name: "Hubs", targets: ["Hubs"]),
        .library(name: "HubMirror", targets: ["HubMirror"]),
        .library(name: "AdmissionPolicy", targets: ["AdmissionPolicy"]),
        .library(name: "WebPages", targets: ["WebPages"]),
        .library(name: "Serving", targets: ["Serving"]),
        .library(name: "ModelFormats", targets: ["ModelFormats"]),
        .library(name: "Inspection", targets: ["Inspection"]),
        .library(name: "Scanning", targets: ["Scanning"]),
        .library(name: "PythonSyntax", targets: ["PythonSyntax"]),
        .library(name: "PythonAnalysis", targets: ["PythonAnalysis"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        // C libraries of the system.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"]), .brew(["bzip2"])]),
        .systemLibrary(name: "CLzma", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"]), .brew(["xz"])]),
        .systemLibrary(name: "CLz4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(
            name: "CCmarkGFM", pkgConfig: "libcmark-gfm",
            providers: [
                .apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]), .brew(["cmark-gfm"]),
            ]),

        // Nouns.
        .target(name: "ModelPackage", swiftSettings: strict),

        // Bytes into values.
        .target(
            name: "Documents",
            dependencies: ["CCmarkGFM", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),

        .target(
            name: "ModelFormats", dependencies: ["Documents", "CZlib", "CBzip2", "CLzma", "CLz4", "CZstd", "CArchive"],
            swiftSettings: strict),

        .target(name: "PythonSyntax", swiftSettings: strict),
        .target(name: "PythonAnalysis", dependencies: ["PythonSyntax", "CZlib"], swiftSettings: strict),

        // Judgment: values in, values out.
        .target(
            name: "Inspection",
            dependencies: ["ModelPackage", "ModelFormats", "Documents", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),

        .target(
            name: "Scanning",
            dependencies: [
                "ModelFormats", "PythonSyntax", "PythonAnalysis", "Documents", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),

        // The outside: the network, the disk, the database.
        .target(
            name: "Transport",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
            ],
            swiftSettings: strict),
        .target(
            name: "Hubs",
            dependencies: [
                "ModelPackage", "Documents", "Transport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .target(
            name: "Storage",
            dependencies: ["ModelPackage", "Documents", "CZstd", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "Catalog",
            dependencies: [
                "ModelPackage", "Documents",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),

        // Work.
        .target(
            name: "Snapshots",
            dependencies: [
                "ModelPackage", "Hubs", "Transport", "Storage",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "Export", dependencies: ["ModelPackage", "Documents", "Storage", "Catalog"], swiftSettings: strict),
        .target(
            name: "Pipeline",
            dependencies: [
                "ModelPackage", "Documents", "ModelFormats", "Inspection", "Scanning", "Hubs", "Transport", "Storage",
                "Snapshots", "Catalog",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        // Doors.
        .target(
            name: "HubMirror",
            dependencies: [
                "ModelPackage", "Documents",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            swiftSettings: strict),
        .target(name: "AdmissionPolicy", dependencies: ["ModelPackage", "Documents"], swiftSettings: strict),
        .target(
            name: "WebPages",
            dependencies: [
                "ModelPackage", "Documents", "CCmarkGFM", .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Templates"), .embedInCode("Assets")], swiftSettings: strict),
        .target(
            name: "Serving",
            dependencies: [
                "AdmissionPolicy", "WebPages", "ModelPackage", "Documents", "Hubs", "Transport", "Storage", "Snapshots",
                "Catalog",
                "Export", "Pipeline", "HubMirror",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            resources: [.embedInCode("API/openapi.json")], swiftSettings: strict),
        .executableTarget(
            name: "weir",
            dependencies: [
                "Serving", "AdmissionPolicy", "ModelPackage", "Documents", "Hubs", "Transport", "Storage", "Snapshots", "Catalog",
                "Export",
                "Pipeline",
                "ModelFormats", "Inspection", "Scanning", "PythonSyntax", "PythonAnalysis",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "sample-hub",
            dependencies: [
                "HubMirror", "ModelPackage", "Documents",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/SampleHub",
            swiftSettings: strict),

        // Tests: one folder a room, and the built programs together in IntegrationTests.
        .target(name: "WeirTestSupport", path: "Tests/WeirTestSupport", swiftSettings: strict),
        .testTarget(name: "ModelPackageTests", dependencies: ["ModelPackage"], swiftSettings: strict),
        .testTarget(name: "DocumentsTests", dependencies: ["Documents", "WeirTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ModelFormatsTests",
            dependencies: ["ModelFormats", "WeirTestSupport", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .testTarget(
            name: "InspectionTests", dependencies: ["Inspection", "ModelFormats", "WeirTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ScanningTests",
            dependencies: ["Scanning", "ModelFormats", "Documents", "PythonSyntax", "PythonAnalysis"], swiftSettings: strict),
        .testTarget(name: "PythonSyntaxTests", dependencies: ["PythonSyntax"], swiftSettings: strict),
        .testTarget(
            name: "PythonAnalysisTests", dependencies: ["PythonAnalysis", "PythonSyntax"], exclude: ["Programs"],
            swiftSettings: strict),
        .testTarget(
            name: "TransportTests",
            dependencies: [
                "Transport", "WeirTestSupport", .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HubsTests",
            dependencies: [
                "Hubs", "Documents", "ModelPackage", "Transport", "WeirTestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "ModelPackage", "WeirTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "SnapshotsTests",
            dependencies: [
                "Snapshots", "Storage", "Hubs", "Transport", "ModelPackage", "WeirTestSupport",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(name: "CatalogTests", dependencies: ["Catalog", "ModelPackage", "WeirTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Pipeline", "Hubs", "Catalog", "Storage", "ModelPackage", "WeirTestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(name: "AdmissionPolicyTests", dependencies: ["AdmissionPolicy", "ModelPackage"], swiftSettings: strict),
        .testTarget(name: "WebPagesTests", dependencies: ["WebPages", "ModelPackage"], swiftSettings: strict),
        .testTarget(name: "HubMirrorTests", dependencies: ["HubMirror"], swiftSettings: strict),
        .testTarget(
            name: "IntegrationTests",
            dependencies: ["weir", "sample-hub", "WeirTestSupport", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["Fixtures"], swiftSettings: strict),
    ]
)
