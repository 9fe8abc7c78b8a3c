/** Generated from contracts/TrainingRegistry.sol by `npm run generate:registry`. */
export const registryAbi = [
  {
    inputs: [
      { internalType: "bytes32", name: "claimId", type: "bytes32" },
      { internalType: "address", name: "attester", type: "address" },
    ],
    name: "AlreadyAttested",
    type: "error",
  },
  {
    inputs: [{ internalType: "bytes32", name: "claimId", type: "bytes32" }],
    name: "ClaimAlreadyRegistered",
    type: "error",
  },
  {
    inputs: [
      { internalType: "uint64", name: "steps", type: "uint64" },
      { internalType: "uint64", name: "maximum", type: "uint64" },
    ],
    name: "StepsOutOfRange",
    type: "error",
  },
  {
    inputs: [{ internalType: "bytes32", name: "claimId", type: "bytes32" }],
    name: "UnknownClaim",
    type: "error",
  },
  {
    inputs: [
      { internalType: "uint256", name: "length", type: "uint256" },
      { internalType: "uint256", name: "maximum", type: "uint256" },
    ],
    name: "UriTooLong",
    type: "error",
  },
  {
    inputs: [{ internalType: "bytes32", name: "claimId", type: "bytes32" }],
    name: "VerdictMissing",
    type: "error",
  },
  {
    inputs: [{ internalType: "bytes32", name: "field", type: "bytes32" }],
    name: "ZeroDigest",
    type: "error",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: "bytes32", name: "claimId", type: "bytes32" },
      { indexed: true, internalType: "address", name: "attester", type: "address" },
      { indexed: true, internalType: "bytes32", name: "reportDigest", type: "bytes32" },
      { indexed: false, internalType: "enum Verdict", name: "verdict", type: "uint8" },
      { indexed: false, internalType: "string", name: "uri", type: "string" },
    ],
    name: "ClaimAttested",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: "bytes32", name: "claimId", type: "bytes32" },
      { indexed: true, internalType: "address", name: "claimant", type: "address" },
      { indexed: true, internalType: "bytes32", name: "modelCommitment", type: "bytes32" },
      { indexed: false, internalType: "enum StartKind", name: "startKind", type: "uint8" },
      { indexed: false, internalType: "bytes32", name: "start", type: "bytes32" },
      { indexed: false, internalType: "bytes32", name: "dataRoot", type: "bytes32" },
      { indexed: false, internalType: "bytes32", name: "configDigest", type: "bytes32" },
      { indexed: false, internalType: "bytes32", name: "proofDigest", type: "bytes32" },
      { indexed: false, internalType: "uint64", name: "steps", type: "uint64" },
      { indexed: false, internalType: "string", name: "uri", type: "string" },
    ],
    name: "ClaimRegistered",
    type: "event",
  },
  {
    inputs: [],
    name: "CLAIM_TYPE",
    outputs: [{ internalType: "bytes32", name: "", type: "bytes32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "MAX_STEPS",
    outputs: [{ internalType: "uint64", name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "MAX_URI_BYTES",
    outputs: [{ internalType: "uint256", name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "claimId", type: "bytes32" },
      { internalType: "enum Verdict", name: "verdict", type: "uint8" },
      { internalType: "bytes32", name: "reportDigest", type: "bytes32" },
      { internalType: "string", name: "uri", type: "string" },
    ],
    name: "attest",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { internalType: "address", name: "claimant", type: "address" },
      {
        components: [
          { internalType: "bytes32", name: "modelCommitment", type: "bytes32" },
          { internalType: "enum StartKind", name: "startKind", type: "uint8" },
          { internalType: "bytes32", name: "start", type: "bytes32" },
          { internalType: "bytes32", name: "dataRoot", type: "bytes32" },
          { internalType: "bytes32", name: "configDigest", type: "bytes32" },
          { internalType: "bytes32", name: "proofDigest", type: "bytes32" },
          { internalType: "uint64", name: "steps", type: "uint64" },
        ],
        internalType: "struct ClaimInput",
        name: "input",
        type: "tuple",
      },
    ],
    name: "claimIdOf",
    outputs: [{ internalType: "bytes32", name: "", type: "bytes32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "claimId", type: "bytes32" },
      { internalType: "address", name: "attester", type: "address" },
    ],
    name: "getAttestation",
    outputs: [
      {
        components: [
          { internalType: "enum Verdict", name: "verdict", type: "uint8" },
          { internalType: "uint40", name: "attestedAt", type: "uint40" },
          { internalType: "bytes26", name: "reportPrefix", type: "bytes26" },
        ],
        internalType: "struct Attestation",
        name: "",
        type: "tuple",
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ internalType: "bytes32", name: "claimId", type: "bytes32" }],
    name: "getClaim",
    outputs: [
      {
        components: [
          { internalType: "address", name: "claimant", type: "address" },
          { internalType: "uint40", name: "registeredAt", type: "uint40" },
          { internalType: "uint48", name: "steps", type: "uint48" },
        ],
        internalType: "struct Claim",
        name: "",
        type: "tuple",
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      {
        components: [
          { internalType: "bytes32", name: "modelCommitment", type: "bytes32" },
          { internalType: "enum StartKind", name: "startKind", type: "uint8" },
          { internalType: "bytes32", name: "start", type: "bytes32" },
          { internalType: "bytes32", name: "dataRoot", type: "bytes32" },
          { internalType: "bytes32", name: "configDigest", type: "bytes32" },
          { internalType: "bytes32", name: "proofDigest", type: "bytes32" },
          { internalType: "uint64", name: "steps", type: "uint64" },
        ],
        internalType: "struct ClaimInput",
        name: "input",
        type: "tuple",
      },
      { internalType: "string", name: "uri", type: "string" },
    ],
    name: "register",
    outputs: [{ internalType: "bytes32", name: "claimId", type: "bytes32" }],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;

export const registryBytecode =
  "0x60808060405234601557610d8a908161001a8239f35b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c806352019e8d146108ce578063718a60ee1461089457806381fa7ec714610797578063a5576f31146102ec578063a5f9413d146101b5578063c9100bcb1461010a578063eb8cd775146100b35763f367d5cc14610071575f80fd5b346100af575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100af57602060405165ffffffffffff8152f35b5f80fd5b346100af575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100af5760206040517ee02d57d353caad91047f2964df6744c336df5d63f70b71590fe4ab107cbbfd8152f35b346100af5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100af57610141610c7f565b506004355f525f602052606060405f2065ffffffffffff6040519161016583610bab565b5464ffffffffff73ffffffffffffffffffffffffffffffffffffffff8216938481528360406020830192848660a01c168452019360c81c1683526040519485525116602084015251166040820152f35b346100af576101007ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100af5760043573ffffffffffffffffffffffffffffffffffffffff81168091036100af5760e07fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc3601126100af576040519060208201907ee02d57d353caad91047f2964df6744c336df5d63f70b71590fe4ab107cbbfd8252466040840152306060840152608083015260243560a083015260443560028110156100af5761028e9060c0840190610cb4565b60643560e083015260843561010083015260a43561012083015260c43561014083015260e4359167ffffffffffffffff83168093036100af5760209261016082015261016081526102e161018082610bf4565b519020604051908152f35b346100af577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161010081126100af5760e0136100af5760e43567ffffffffffffffff81116100af57610344903690600401610b70565b600435801561074b576064359182156106ff576084359384156106b35760a435948515610667576103758383610cc1565b67ffffffffffffffff610386610c9d565b16158015610647575b6106005760243595600287109182156100af57600188146105f0575b6040519260208401907ee02d57d353caad91047f2964df6744c336df5d63f70b71590fe4ab107cbbfd82524660408601523060608601523360808601528760a0860152156100af5761040060c085018a610cb4565b604435938460e082015288610100820152826101208201528361014082015260c43567ffffffffffffffff81168091036100af57610160820152610160815261044b61018082610bf4565b51902096875f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2054166105c457879467ffffffffffffffff7fa6fc05d9b64cdb86325112118855b2cf52d2d8743fb714fd9dcab2595b20b1dd9561058d9560209c956105b99565ffffffffffff6104bd610c9d565b16604051906104cb82610bab565b338252602082019064ffffffffff42168252604083019081528d5f5260205f905273ffffffffffffffffffffffffffffffffffffffff60405f209351167fff000000000000000000000000000000000000000000000000000000000000007effffffffffff0000000000000000000000000000000000000000000000000078ffffffffff00000000000000000000000000000000000000008654955160a01b16935160c81b1693161717179055610580610c9d565b93604051998a809a610cb4565b8f8901526040880152606087015260808601521660a084015260e060c0840152339660e0840191610c41565b0390a4604051908152f35b877fb9963d7f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b6105fb604435610cff565b6103ab565b67ffffffffffffffff610611610c9d565b7f7a28b3f1000000000000000000000000000000000000000000000000000000005f521660045265ffffffffffff60245260445ffd5b5065ffffffffffff67ffffffffffffffff610660610c9d565b161161038f565b7f6c5869ad000000000000000000000000000000000000000000000000000000005f527f70726f6f6644696765737400000000000000000000000000000000000000000060045260245ffd5b7f6c5869ad000000000000000000000000000000000000000000000000000000005f527f636f6e666967446967657374000000000000000000000000000000000000000060045260245ffd5b7f6c5869ad000000000000000000000000000000000000000000000000000000005f527f64617461526f6f7400000000000000000000000000000000000000000000000060045260245ffd5b7f6c5869ad000000000000000000000000000000000000000000000000000000005f527f6d6f64656c436f6d6d69746d656e74000000000000000000000000000000000060045260245ffd5b346100af5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100af5760243573ffffffffffffffffffffffffffffffffffffffff811681036100af576107ee610c7f565b506004355f52600160205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052606060405f207fffffffffffffffffffffffffffffffffffffffffffffffffffff0000000000006040519161084d83610bab565b5461085b60ff821684610c35565b64ffffffffff60208401818360081c168152836040860193168352610884604051809651610b9e565b5116602084015251166040820152f35b346100af575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100af5760206040516108008152f35b346100af5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100af5760043560243560038110156100af576044359160643567ffffffffffffffff81116100af57610930903690600401610b70565b92908415610b24576109428482610cc1565b8115610af85761095183610cff565b825f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260ff60405f2054166003811015610a9b57610ac8576040519161099b83610bab565b6109a58184610c35565b6020830164ffffffffff4216815260408401927fffffffffffffffffffffffffffffffffffffffffffffffffffff00000000000088168452855f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f209451946003861015610a9b577f56b8961df58977e4f23e7287876fcf0bfc4be30b68541e5161bd981b0eba2c0395610a839560ff7fffffffffffffffffffffffffffffffffffffffffffffffffffff00000000000065ffffffffff00610a96975160081b1692511692161717905560405193848094610b9e565b6040602084015233966040840191610c41565b0390a4005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b827fe7ddafdd000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b827fd0741ccc000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f6c5869ad000000000000000000000000000000000000000000000000000000005f527f7265706f7274446967657374000000000000000000000000000000000000000060045260245ffd5b9181601f840112156100af5782359167ffffffffffffffff83116100af57602083818601950101116100af57565b906003821015610a9b5752565b6060810190811067ffffffffffffffff821117610bc757604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610bc757604052565b6003821015610a9b5752565b601f82602094937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe093818652868601375f8582860101520116010190565b60405190610c8c82610bab565b5f6040838281528260208201520152565b60c43567ffffffffffffffff811681036100af5790565b906002821015610a9b5752565b506108008111610cce5750565b7fa99e90bb000000000000000000000000000000000000000000000000000000005f5260045261080060245260445ffd5b805f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f20541615610d295750565b7fb724c9ee000000000000000000000000000000000000000000000000000000005f5260045260245ffdfea264697066735822122066b447648f91efe96c8db341016547fcc6d82e9416256a8cec7a233820897cd464736f6c63430008250033";
