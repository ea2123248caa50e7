import Testing

@testable import AdmissionPolicy

@Suite struct FileFormatTests {
    /// A path, what an inspection says, the formats of rules, and whether `deny` and `allow` match.
    struct Case: CustomTestStringConvertible, Sendable {
        let path: String
        let inspected: String?
        let formats: String
        let deny: Bool
        let allow: Bool

        var testDescription: String { "\(path)\(inspected.map { " (\($0))" } ?? "") is \(formats)" }

        init(_ path: String, _ inspected: String? = nil, is formats: String, _ deny: Bool, allow: Bool? = nil) {
            self.path = path
            self.inspected = inspected
            self.formats = formats
            self.deny = deny
            self.allow = allow ?? deny
        }
    }

    static let endings: [Case] = [
        Case("model.safetensors", is: "safetensors", true),
        Case("model.SafeTensors", is: "safetensors", true),
        Case("a.safetensors/model", is: "safetensors", false),
        Case("model.safetensors.index.json", is: "safetensors", false),
        Case("model.safetensors.index.json", is: "json", true),
        Case("q4.gguf", is: "[onnx, gguf]", true),
        Case("model.ggml", is: "ggml", true),
        Case("model.onnx_data", is: "onnx", true),
        Case("model.onnx.data", is: "onnx", true),
        Case("model.data", is: "onnx", false),
        Case("a.npz", is: "numpy", true),
        Case("a.H5", is: "keras", true),
        Case("a.h5", is: "h5", true),
        Case("saved_model.pb", is: "tensorflow", true),
        Case("model.ckpt.index", is: "tensorflow", true),
        Case("a.tflite", is: "tflite", true),
        Case("a.mlmodel", is: "coreml", true),
        Case("a.xml", is: "openvino", true),
        Case("flax_model.msgpack", is: "flax", true),
        Case("modeling.py", is: "python", true),
        Case("modeling.pyc", is: "python", true),
        Case("a.ipynb", is: "notebook", true),
        Case("lib.so", is: "executable", true),
        Case("lib.so.1.2", is: "library", true),
        Case("lib.so.txt", is: "executable", false),
        Case("A.EXE", is: "executable", true),
        Case("README", is: "\(FileFormat.allCases.map(\.rawValue))", false),
        Case("pkl", is: "pickle", false),
        Case(".pkl", is: "pickle", true),
        Case("a.pkl ", is: "pickle", true),
        Case("a.pkl.", is: "pickle", true),
        Case("a.pkl. .", is: "pickle", true),
        Case("a.txt", is: "pickle", false),
    ]

    static let packed: [Case] = [
        Case("a.tar.gz", is: "archive", true),
        Case("a.TGZ", is: "archive", true),
        Case("a.pkl.gz", is: "pickle", true, allow: false),
        Case("a.pkl.gz", is: "archive", true, allow: false),
        Case("a.pkl.gz", is: "[archive, pickle]", true),
        Case("a.pt.tar.xz", is: "pickle", true, allow: false),
        Case("a.gz.pkl", is: "archive", false),
        Case("a.csv.gz", is: "archive", true),
        Case("model.safetensors.zip", is: "safetensors", true, allow: false),
    ]

    /// PyTorch's files are pickles, unless somebody looked.
    static let pickles: [Case] = [
        Case("a.bin", is: "pickle", true), Case("a.pt", is: "pickle", true), Case("a.pth", is: "pickle", true),
        Case("a.ckpt", is: "pickle", true), Case("a.joblib", is: "pickle", true), Case("a.dill", is: "pickle", true),
        Case("a.bin", is: "pytorch", true), Case("a.pkl", is: "pytorch", false), Case("a.npy", is: "pickle", false),
        Case("a.bin", "safetensors", is: "pickle", false), Case("a.bin", "gguf", is: "[pickle, pytorch]", false),
        Case("a.bin", "pytorch-zip", is: "pickle", true), Case("a.bin", "pytorch-legacy", is: "pickle", true),
        Case("a.pt", "torchscript", is: "pickle", true), Case("a.pt", "pickle", is: "pytorch", false),
    ]

    static let inspected: [Case] = [
        Case("model.safetensors", "pickle", is: "pickle", true),
        Case("model.safetensors", "pickle", is: "safetensors", false),
        Case("notes.txt", "pytorch-zip", is: "pytorch", true),
        Case("notes.txt", "JOBLIB", is: "pickle", true),
        Case("a.pkl.gz", "pickle", is: "pickle", true),
        Case("a.pkl.gz", "pickle", is: "archive", false),
        // A name that is not known here is no reason to allow, and none to forget the ending.
        Case("a.pkl", "novel", is: "pickle", true, allow: false),
        Case("a.safetensors", "novel", is: "safetensors", true, allow: false),
    ]

    @Test(arguments: endings + packed + pickles + inspected)
    func aFileIsOfAFormat(test: Case) throws {
        let file = PolicyFile(path: "folder.d/" + test.path, format: test.inspected)
        let deny = try policy("deny: { format: \(test.formats) }").judge(file: file, of: try subject())
        #expect(deny.isAllowed == !test.deny)
        let allow = try policy("allow: { format: \(test.formats) }", "deny: { path: '*' }").judge(file: file, of: try subject())
        #expect(allow.isAllowed == test.allow)
    }

    @Test func anEndingBelongsToOneFormat() {
        let endings = FileFormat.allCases.flatMap(\.endings)
        #expect(endings.count == Set(endings).count)
        #expect(endings.allSatisfy { $0 == $0.lowercased() && !$0.hasPrefix(".") })
    }

    /// The raw values of `ModelFormat`, which this room does not see.
    @Test(arguments: [
        "safetensors", "gguf", "onnx", "pytorch-zip", "pytorch-legacy", "torchscript", "pickle", "joblib", "npy", "npz", "keras",
        "hdf5", "savedmodel", "graphdef", "tflite", "msgpack", "coreml", "openvino", "json",
    ])
    func everyFormatOfInspectionsIsKnown(name: String) {
        #expect(FileFormat(inspected: name) != nil)
    }
}
