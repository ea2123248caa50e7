// swift-tools-version: 6.1
import PackageDescription

/// Fuzz targets, a package of their own so that the everyday build stays small. Run by `make fuzz READER=json SECONDS=60`.
let package = Package(
    name: "weir-fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "weir", path: "..")],
    targets: ["FuzzJSON", "FuzzYAML", "FuzzCard"].map { name in
        .executableTarget(
            name: name, dependencies: [.product(name: "Documents", package: "weir")],
            swiftSettings: [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
    }
)
