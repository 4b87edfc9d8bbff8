import { series, type Sample } from './sample.ts';

/** Chinese (simplified and traditional), Japanese and Korean; yen and won have no decimals. */
export const eastAsian: Sample[] = [
  {
    name: 'zh-cn-tea',
    invoice: {
      series,
      issueDate: '2026-10-11',
      dueDate: '2026-11-10',
      currency: 'CNY',
      language: 'zh-CN',
      orderReference: '采购单 2026-0871',
      seller: {
        name: '杭州云栖茶业有限公司',
        taxNumber: '91330000000000018X',
        registrationId: '330100000000018',
        address: { line1: '西湖区梅坞路18号', postCode: '310000', city: '杭州', subdivision: '浙江', country: 'CN' },
        contact: { name: '财务部', email: 'finance@yunqi-tea.example.com' },
      },
      buyer: {
        name: '上海晴川酒店管理有限公司',
        taxNumber: '91310000000000026Y',
        address: { line1: '黄浦区江畔路66号', postCode: '200000', city: '上海', country: 'CN' },
      },
      delivery: { date: '2026-10-10' },
      lines: [
        {
          name: '明前龙井茶,特级',
          description: '每罐250克,手工炒制',
          quantity: '48',
          unitPrice: '368.00',
          taxRate: '13',
        },
        { name: '桂花乌龙茶', quantity: '30.5', unit: 'KGM', unitPrice: '210.00', taxRate: '13' },
        { name: '青瓷茶具套装(一壶六杯)', quantity: '12', unit: 'SET', unitPrice: '459.00', taxRate: '13' },
      ],
      allowances: [{ reason: '老客户优惠', amount: '500.00', taxRate: '13' }],
      payment: { terms: '收到发票后30天内付款。' },
      notes: ['感谢您的惠顾!如有问题,请与财务部联系。'],
    },
  },
  {
    name: 'zh-tw-bookshop',
    invoice: {
      series,
      issueDate: '2026-11-06',
      currency: 'TWD',
      language: 'zh-TW',
      seller: {
        name: '月臺書店股份有限公司',
        taxNumber: '000000018',
        registrationId: '00000018',
        address: { line1: '榕樹街一段27號2樓', postCode: '100', city: '臺北市', country: 'TW' },
      },
      buyer: { name: '鯨魚國民小學', address: { line1: '海風路5號', postCode: '970', city: '花蓮市', country: 'TW' } },
      lines: [
        { name: '繪本《雲的圖書館》', quantity: '60', unitPrice: '320', taxRate: '5' },
        { name: '作者到校演講', quantity: '2', unit: 'HUR', unitPrice: '3000', taxRate: '5' },
      ],
      payment: { terms: '月結30天' },
    },
  },
  {
    name: 'ja-yen-two-rates',
    invoice: {
      series,
      issueDate: '2026-10-31',
      dueDate: '2026-11-30',
      currency: 'JPY',
      language: 'ja',
      seller: {
        name: '株式会社あかつき和紙工房',
        taxNumber: 'T0000000000018',
        registrationId: '0000000000018',
        address: {
          line1: '紙屋町3丁目12-5',
          postCode: '910-0000',
          city: '福井市',
          subdivision: '福井県',
          country: 'JP',
        },
        contact: { name: '経理部 水野', email: 'keiri@akatsuki-washi.example.com' },
      },
      buyer: {
        name: '合同会社しおり文具店',
        address: { line1: '本通り1-8 メゾンつばめ101', postCode: '600-0000', city: '京都市', country: 'JP' },
      },
      period: { start: '2026-10-01', end: '2026-10-31' },
      lines: [
        {
          name: '手漉き和紙 はがき判',
          description: '百枚単位の価格',
          quantity: '1250',
          unitPrice: '3800',
          priceBaseQuantity: '100',
          taxRate: '10',
        },
        { name: '友禅紙 ノート A5', quantity: '85', unitPrice: '640', taxRate: '10' },
        { name: '抹茶飴(軽減税率対象)', quantity: '45', unitPrice: '298', taxRate: '8' },
      ],
      charges: [{ reason: '送料', amount: '1200', taxRate: '10' }],
      payment: { terms: '月末締め翌月末払い' },
    },
  },
  {
    name: 'ja-yen-export',
    invoice: {
      series,
      issueDate: '2026-11-15',
      dueDate: '2026-12-15',
      currency: 'JPY',
      language: 'ja',
      seller: {
        name: '有限会社ほしぞら楽器',
        vatId: 'JP0000000018',
        address: { line1: '弦楽町7-2', postCode: '430-0000', city: '浜松市', country: 'JP' },
      },
      buyer: {
        name: 'Musikhaus Zugspitze GmbH',
        address: { line1: 'Saitengasse 6', postCode: '82467', city: 'Garmisch-Partenkirchen', country: 'DE' },
      },
      delivery: { date: '2026-11-12', address: { city: 'Hamburg', country: 'DE' } },
      lines: [{ name: '三味線(紅木)', quantity: '3', unitPrice: '285000', taxCategory: 'G' }],
    },
  },
  {
    name: 'ko-won',
    invoice: {
      series,
      issueDate: '2026-10-27',
      dueDate: '2026-11-26',
      currency: 'KRW',
      language: 'ko',
      seller: {
        name: '주식회사 달빛도자기',
        taxNumber: '000-00-00018',
        identifiers: [{ id: 'S-0183' }],
        address: { line1: '가마골길 24', postCode: '17300', city: '이천시', subdivision: '경기도', country: 'KR' },
        contact: { email: 'tax@dalbit.example.com' },
      },
      buyer: {
        name: '한옥카페 소나기',
        address: { line1: '은행나무로 11', postCode: '55000', city: '전주시', country: 'KR' },
      },
      lines: [
        { name: '백자 찻잔 세트', quantity: '24', unit: 'SET', unitPrice: '48000', taxRate: '10' },
        { name: '청자 접시, 지름 22cm', quantity: '60', unitPrice: '17500', taxRate: '10' },
        { name: '파손 반품', quantity: '-2', unitPrice: '17500', taxRate: '10' },
      ],
      payment: { terms: '세금계산서 발행 후 30일 이내 입금' },
    },
  },
];
