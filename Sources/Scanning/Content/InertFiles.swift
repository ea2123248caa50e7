import ModelFormats

/// Files of known forms that no loader of models runs: tables, fonts, numbers that another file explains.
enum InertFiles {
    static func kind(_ head: [UInt8], _ name: String) -> String? {
        for (magic, what) in magics where head.starts(with: magic) { return what }
        let last = Names.last(of: name).lowercased()
        if isCheckpointPart(last) || last == "variables.index" || last.hasSuffix(".ckpt.index") { return "TensorFlow checkpoint" }
        if last.hasSuffix(".onnx_data") || last.hasSuffix(".onnx.data") { return "weights of an ONNX model" }
        if last == "fingerprint.pb" { return "TensorFlow fingerprint" }
        if last == ".ds_store" { return "folder settings" }
        return nil
    }

    /// `NAME.data-00000-of-00001`. Written out, for every file is asked.
    private static func isCheckpointPart(_ name: String) -> Bool {
        let end = Array(name.utf8.suffix(20))
        guard end.count == 20, end.starts(with: ".data-".utf8), end[11...14].elementsEqual("-of-".utf8) else { return false }
        return (end[6...10] + end[15...]).allSatisfy { 0x30...0x39 ~= $0 }
    }

    private static let magics: [([UInt8], String)] = [
        (Array("PAR1".utf8), "Parquet table"), (Array("ARROW1".utf8), "Arrow table"), (Array("FEA1".utf8), "Feather table"),
        (Array("Obj\u{1}".utf8), "Avro table"),
        (Array("SQLite format 3".utf8), "SQLite database"), (Array("wOFF".utf8), "font"), (Array("wOF2".utf8), "font"),
        ([0, 1, 0, 0, 0], "font"),
        (Array("OTTO".utf8), "font"), (Array("ggml".utf8), "GGML weights"), (Array("lmgg".utf8), "GGML weights"),
        (Array("tjgg".utf8), "GGML weights"),
        (Array("DICM".utf8), "DICOM image"), (Array("CDF".utf8), "netCDF data"), ([0x1a, 0x45, 0xdf, 0xa3], "Matroska video"),
        (Array("DIRC".utf8), "git index"),
        (Array("PACK".utf8), "git pack"), ([0xff, 0x74, 0x4f, 0x63], "git pack index"),
        ([0, 0, 0, 1] + Array("Bud1".utf8), "folder settings"),
        (Array("version https://git-lfs".utf8), "Git LFS pointer"), (Array("CBM1".utf8), "CatBoost model"),
        (Array("{L".utf8) + [0, 0], "XGBoost model"),
        ([0xff, 0xff, 0xff, 0xff] + [0x90], "Arrow stream"),
    ]
}
