/// Finds the names of well-known datasets in running text.
///
/// A list, because only a list is sure: nothing else tells the name of a dataset from any other name. Each entry is matched as
/// whole words, with its case, which keeps common words apart from names.
enum DatasetMentions {
    /// Canonical names of the datasets that a text mentions, in order of the list.
    static func find(in text: String) -> [String] {
        let words = normalized(text)
        return datasets.filter { entry in entry.spellings.contains { words.contains(normalized($0)) } }.map(\.name)
    }

    /// The dataset that an address is known to belong to.
    static func name(forAddress url: String) -> String? {
        let lowered = url.lowercased()
        return addresses.first { lowered.contains($0.part) }?.name
    }

    /// Words parted by single spaces, with a space at either end; hyphens part words.
    private static func normalized(_ text: String) -> String {
        var result = " "
        for character in text {
            if character.isLetter || character.isNumber || character == "." {
                result.append(character)
            } else if result.last != " " {
                result.append(" ")
            }
        }
        while result.last == " " || result.last == "." { result.removeLast() }
        return result.replacing(". ", with: " ") + " "
    }

    private static let datasets: [(name: String, spellings: [String])] = [
        ("ImageNet", ["ImageNet", "ImageNet-1K", "ImageNet1K", "ILSVRC2012", "ILSVRC 2012", "ILSVRC-2012", "ILSVRC"]),
        ("ImageNet-21K", ["ImageNet-21K", "ImageNet21K", "ImageNet-22K"]),
        ("COCO", ["COCO", "MS COCO", "COCO2017", "COCO 2017"]),
        ("PASCAL VOC", ["PASCAL VOC", "Pascal VOC", "VOC2012", "VOC2007"]),
        ("Kinetics-400", ["Kinetics 400", "Kinetics400", "Kinetics-400"]),
        ("YFCC100M", ["YFCC100M"]), ("Cityscapes", ["Cityscapes", "CityScapes"]), ("KITTI", ["KITTI"]),
        ("BDD100K", ["BDD100K"]), ("CUB-200", ["CUB200", "CUB 200", "CUB-200-2011", "CUB200 2011"]), ("CelebA", ["CelebA"]),
        ("CelebA-HQ", ["CelebA-HQ", "CelebaHQ", "CelebAHQ"]), ("FashionGen", ["FashionGen"]), ("DTD", ["DTD"]),
        ("LSUN", ["LSUN"]), ("CIFAR-10", ["CIFAR-10", "CIFAR10"]), ("CIFAR-100", ["CIFAR-100", "CIFAR100"]),
        ("MNIST", ["MNIST"]), ("Fashion-MNIST", ["Fashion-MNIST", "FashionMNIST"]), ("SVHN", ["SVHN"]),
        ("LJ Speech", ["LJ Speech", "LJSpeech", "LJ Speech dataset"]), ("LibriSpeech", ["LibriSpeech", "Librispeech"]),
        ("LibriTTS", ["LibriTTS"]), ("VCTK", ["VCTK"]), ("Common Voice", ["Common Voice"]), ("AudioSet", ["AudioSet"]),
        ("MUSDB18", ["MUSDB18", "MUSDB18-HQ", "MUSDB"]), ("VGGSound", ["VGGSound"]), ("Charades", ["Charades"]),
        ("SQuAD", ["SQuAD"]), ("GLUE", ["GLUE"]), ("MNLI", ["MNLI"]), ("SNLI", ["SNLI"]), ("WikiText-103", ["WikiText-103"]),
        ("BookCorpus", ["BookCorpus", "BooksCorpus"]), ("Wikipedia", ["English Wikipedia"]), ("OpenWebText", ["OpenWebText"]),
        ("WebText", ["WebText"]), ("C4", ["Colossal Clean Crawled Corpus"]), ("WMT14", ["WMT14", "WMT 14", "WMT'14"]),
        ("WMT18", ["WMT18", "WMT 18", "WMT'18"]), ("WMT19", ["WMT19", "WMT 19", "WMT'19"]), ("GTZAN", ["GTZAN"]),
        ("BraTS", ["BraTS"]), ("LGG Segmentation", ["TCGA"]), ("Market-1501", ["Market-1501", "Market1501"]),
        ("Penn Treebank", ["Penn Treebank", "PTB"]), ("UCF101", ["UCF101", "UCF-101"]), ("ModelNet40", ["ModelNet40"]),
        ("ShapeNet", ["ShapeNet"]), ("ADE20K", ["ADE20K"]), ("Places365", ["Places365"]), ("SUN397", ["SUN397"]),
        ("LFW", ["LFW", "Labeled Faces in the Wild"]), ("MegaFace", ["MegaFace"]), ("VGGFace2", ["VGGFace2"]),
        ("MS-Celeb-1M", ["MS-Celeb-1M", "MS1M"]), ("FER+", ["FER Plus"]), ("WIDER FACE", ["WIDER FACE", "WIDERFACE"]),
        ("Adience", ["Adience"]), ("IMDB-WIKI", ["IMDB-WIKI"]), ("Visual Genome", ["Visual Genome"]), ("VQA", ["VQA v2"]),
        ("Open Images", ["Open Images", "OpenImages"]), ("MovieLens", ["MovieLens"]), ("Atari", ["Atari 2600"]),
    ]

    private static let addresses: [(part: String, name: String)] = [
        ("image-net.org", "ImageNet"), ("cocodataset.org", "COCO"), ("cityscapes-dataset.com", "Cityscapes"),
        ("cvlibs.net/datasets/kitti", "KITTI"), ("braintumorsegmentation.org", "BraTS"), ("msceleb.org", "MS-Celeb-1M"),
        ("host.robots.ox.ac.uk/pascal/voc", "PASCAL VOC"), ("3dircadb", "3D-IRCADb"), ("nsclc-radiomics", "NSCLC-Radiomics"),
        ("facial-expression-recognition-challenge", "FER2013"), ("/plco/", "PLCO"), ("litislab", "RVSC"),
    ]
}
